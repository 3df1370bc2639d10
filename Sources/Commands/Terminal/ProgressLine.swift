import Core
import JSON

/// Shows how far work is: a bar that redraws itself on a terminal, plain lines now and then elsewhere. Always on stderr.
struct ProgressLine {
    private let interactive: Bool
    private let write: (String) -> Void
    private var lastStage = ""
    private var lastTenth = -1
    private var drawn = false

    init(interactive: Bool = Terminal.isInteractive, write: @escaping (String) -> Void) {
        self.interactive = interactive
        self.write = write
    }

    mutating func show(stage: String, done: Int, total: Int?) {
        if interactive {
            redraw(stage: stage, done: done, total: total)
        } else {
            mention(stage: stage, done: done, total: total)
        }
    }

    /// Clears the bar, so that what follows starts on an empty line.
    mutating func finish() {
        if drawn { write("\r\u{1b}[K") }
        drawn = false
    }

    private mutating func redraw(stage: String, done: Int, total: Int?) {
        drawn = true
        guard let total, total > 0 else {
            write("\r\u{1b}[K\(stage) \(done)")
            return
        }
        let width = 28
        let filled = min(width, done * width / total)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        write("\r\u{1b}[K\(bar) \(min(100, done * 100 / total))%  \(stage) \(done)/\(total)")
    }

    /// One line when a stage begins and one each time another tenth is done.
    private mutating func mention(stage: String, done: Int, total: Int?) {
        let tenth = total.map { $0 > 0 ? done * 10 / $0 : 0 } ?? 0
        guard stage != lastStage || tenth > lastTenth else { return }
        lastStage = stage
        lastTenth = tenth
        if let total, total > 0 { write("\(stage): \(done) of \(total)\n") } else { write("\(stage)\n") }
    }
}
