import Core

extension HouseConfiguration {
    public static func load(_ path: String) throws -> HouseConfiguration {
        throw GatehouseError("config", .unsupported, "not yet")
    }
}
