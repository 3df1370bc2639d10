import Core
import Store

#if canImport(Glibc)
    import Glibc
#endif

enum Schema {
    static let people = Migration(
        id: "people.001",
        steps: [
            .createTable(
                "people",
                columns: [
                    .text("id", .primaryKey), .text("name", .notNull), .integer("age"), .real("score"), .blob("photo"),
                    .bool("active", .notNull, .defaultValue(1)), .time("born"), .json("notes"),
                ]),
            .createTable(
                "visits",
                columns: [.sequence("number"), .reference("person_id", to: "people", .notNull), .time("at", .notNull)]),
            .createIndex(on: "visits", columns: ["person_id", "at"]),
        ])
    static let counters = Migration(
        id: "counters.001",
        steps: [.createTable("counters", columns: [.text("name", .primaryKey), .integer("value", .notNull)])])
    static let all = [people, counters]
}

func open(_ path: String, _ migrations: [Migration] = Schema.all, _ options: StoreOptions = StoreOptions()) throws
    -> Store
{
    try Store.open(path: path, migrations: migrations, options: options)
}

/// The error that `body` throws, in the house's shape.
func failure<T>(_ body: () throws -> T) -> GatehouseError? {
    do {
        _ = try body()
        return nil
    } catch { return error as? GatehouseError }
}

func asyncFailure<T>(_ body: () async throws -> T) async -> GatehouseError? {
    do {
        _ = try await body()
        return nil
    } catch { return error as? GatehouseError }
}
