/// The procedures that there are, by the names that definitions call them.
enum Procedures {
    static let all: [any Procedure] = [Route(), Explore(), Research(), Judge(), Mend(), Present(), Weigh()]
}
