import HCL

/// What must hold of any bytes taken for a configuration: a file and problems with places inside it, and an evaluation
/// that ends. libFuzzer calls this; a broken promise ends the process, which it reports.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHCL(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    for file in [HCLParser.parse(bytes), HCLJSON.parse(bytes)] {
        for problem in file.problems where problem.place.offset > bytes.count || problem.place.line < 1 {
            fatalError("broken: a problem's place is in the file")
        }
    }
    var limits = TerraformLimits()
    limits.steps = 50_000
    _ = TerraformEvaluation.evaluate("", in: OneFile(name: "main.tf", bytes: bytes), limits: limits)
    _ = TerraformEvaluation.evaluate("", in: OneFile(name: "main.tf.json", bytes: bytes), limits: limits)
    return 0
}

/// A folder of one file, which is also every file that it names.
private struct OneFile: TerraformFiles {
    let name: String
    let bytes: [UInt8]

    func names(in folder: String) -> [String] { folder.isEmpty ? [name] : [] }
    func read(_ path: String) -> [UInt8]? { bytes }
}
