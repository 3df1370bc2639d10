import Core
import Foundation
import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

func exitProcess(_ code: Int32) -> Never { exit(code) }

enum Report {
    static func complain(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

    static func show(_ figures: [Figure], json: Bool) {
        if json {
            print((["machine": .string(machine), "figures": .array(figures.map(\.json))] as JSON).text(pretty: true))
            return
        }
        print(machine)
        let name = figures.map(\.name.count).max() ?? 0
        for figure in figures {
            let value = "\(Figure.text(figure.value)) \(figure.unit)"
            let verdict = figure.reached.map { $0 ? "ok  " : "MISS" } ?? "    "
            print(verdict, pad(figure.name, name), pad(value, 20), pad(figure.goalText, 12), figure.note)
        }
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// Host, processor, cores and kernel: figures mean nothing without them.
    static var machine: String {
        var names = utsname()
        uname(&names)
        let host = field(names.nodename)
        let kernel = "\(field(names.sysname)) \(field(names.release))"
        return "\(host) · \(processor) · \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) cores · \(kernel)"
    }

    private static var processor: String {
        guard let file = fopen("/proc/cpuinfo", "r") else { return "unknown processor" }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") {
                return text[text.index(after: colon)...].split(separator: " ").joined(separator: " ").filter {
                    $0 != "\n"
                }
            }
        }
        return "unknown processor"
    }

    private static func field<T>(_ tuple: T) -> String {
        withUnsafeBytes(of: tuple) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
