public import Core
public import Gate
public import Hub
import Integrations
public import Logging
public import ServiceLifecycle
public import Store
import Synchronization

/// Chat channels: people speak with the house from Slack, Microsoft Teams and programs of their own, approvals are decided
/// there, and what the house has to tell is one message for each thing, which is edited.
///
/// What was acknowledged is in the store first, and is worked through by ``run()``: it survives the end of the process, and
/// is said to the conversation once.
public final class Channels: Service {
    /// After those of the gate and of the hub.
    public static let migrations: [Migration] = ChannelTables.migrations

    /// Who a principal's name stands for, for whoever speaks by this channel; nil where there is none, or it may not sign in.
    public typealias Callers = @Sendable (_ principal: String, _ channel: String) async throws -> Caller?

    struct State {
        var settings: ChannelsSettings
        /// Rows of the inbox that are worked through right now.
        var rows: Set<String> = []
        /// Channels that are sent something right now: one message after another.
        var sending: Set<String> = []
        /// Channels that asked to be left alone.
        var held: [String: Timestamp] = [:]
        /// Actions whose outcome is shown in a message.
        var actions: Set<String> = []
        var isEnding = false
    }

    let store: Store
    let hub: Hub
    let gate: Gate
    let callers: Callers
    let transcribe: Transcription
    let console: String?
    let clock: any WallClock
    let logger: Logger
    let version: String
    let pace: ChannelPace
    let state: Mutex<State>
    let waiters = Waiters<Told>()
    let alarm = Alarm()
    let bell = Alarm()
    let sweeping = Alarm()

    var tables: ChannelTables { ChannelTables(store: store) }
    var inbox: Inbox { Inbox(store: store) }
    var posts: Posts { Posts(store: store) }
    var codes: CodeTable { CodeTable(store: store) }
    var settings: ChannelsSettings { state.withLock { $0.settings } }

    /// - Parameters:
    ///   - callers: makes the caller for a principal of the configuration.
    ///   - transcribe: writes down what is spoken in calls.
    ///   - console: the console's address, without a slash at its end, where it has one.
    ///   - version: of this program, which channels are told.
    public convenience init(
        _ settings: ChannelsSettings, store: Store, hub: Hub, gate: Gate, callers: @escaping Callers,
        transcribe: @escaping Transcription, console: String?, clock: any WallClock, logger: Logger,
        version: String = "1"
    ) throws {
        self.init(
            settings, store: store, hub: hub, gate: gate, callers: callers, transcribe: transcribe,
            console: console, clock: clock, logger: logger, version: version, pace: ChannelPace())
    }

    init(
        _ settings: ChannelsSettings, store: Store, hub: Hub, gate: Gate, callers: @escaping Callers,
        transcribe: @escaping Transcription, console: String?, clock: any WallClock, logger: Logger, version: String,
        pace: ChannelPace
    ) {
        (self.store, self.hub, self.gate, self.callers) = (store, hub, gate, callers)
        self.transcribe = transcribe
        (self.clock, self.logger, self.version, self.pace) = (clock, logger, version, pace)
        self.console = console.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        state = Mutex(State(settings: settings))
    }

    /// Takes up what a new configuration says.
    public func adopt(_ settings: ChannelsSettings) {
        state.withLock { state in
            state.settings = settings
            state.held = [:]
        }
        alarm.ring()
        bell.ring()
    }
}

/// How long things take, and how often they are looked at.
struct ChannelPace: Sendable {
    /// Teams waits five seconds for an answer.
    var teams = Duration.seconds(4)
    var webhook = Duration.seconds(25)
    /// Twilio waits fifteen.
    var call = Duration.seconds(10)
    /// Whoever is not known is told so once in this time.
    var strangers = Duration.seconds(3600)
    /// Approvals are looked at this often, whatever the gate tells.
    var approvals = Duration.seconds(15)
    var sweep = Duration.seconds(3600)
    /// Texts that are worked through at a time.
    var concurrency = 16
}
