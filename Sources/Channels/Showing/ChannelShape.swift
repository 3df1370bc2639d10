import Integrations
import JSON

/// How a kind of channel shows what the house says: pure functions to what is sent.
protocol ChannelShape: Sendable {
    /// - Parameter code: of the plan's or approval's buttons, where there are some.
    func reply(_ said: Said, code: String?) -> JSON
    /// - Parameter code: nil where it cannot be answered any more.
    func approval(_ view: ApprovalView, code: String?) -> JSON
    /// - Parameter mention: who is called by it, in the channel's own spelling.
    func notice(_ notice: Notice, mention: String?) -> JSON
}
