import Web

/// YAML and JSON files, told apart by their names and by what they hold.
enum StructuredReader {
    enum Kind {
        case pipeline(Resource.Format, type: String)
        case compose, plan, kustomization
        /// CloudFormation or Kubernetes, by each document.
        case documents
        /// A chart's template, which is no YAML before it is rendered.
        case chart
    }

    static func wants(_ name: String) -> Bool {
        [".yml", ".yaml", ".json", ".template"].contains { name.hasSuffix($0) }
    }

    static func kind(of file: SourceFile) -> Kind? {
        let name = FilePath.split(file.path).name
        if let (format, type) = PipelineReader.format(file.path) { return .pipeline(format, type: type) }
        if ComposeReader.wants(name) { return .compose }
        if Kustomizations.wants(name) { return .kustomization }
        func has(_ text: String) -> Bool { ByteSearch.first(Array(text.utf8), in: file.bytes[...]) != nil }
        if name.hasSuffix(".json"), PlanReader.isPlan(file.bytes) { return .plan }
        let isTemplate = has("AWSTemplateFormatVersion") || has("Resources") && has("AWS::")
        let isManifest = has("apiVersion") && has("kind")
        if isManifest, isInChart(file.path), has("{{") { return .chart }
        return isTemplate || isManifest ? .documents : nil
    }

    private static func isInChart(_ path: String) -> Bool {
        path.split(separator: "/").dropLast().contains("templates") && !path.hasSuffix(HelmRendering.suffix)
    }

    static func read(_ files: [SourceFile], _ rendering: HelmRendering, into found: inout ReadResources) {
        var charts: [String: Int] = [:]
        var manifests = Kustomizations()
        for file in files + rendering.files {
            guard wants(FilePath.split(file.path).name), !rendering.covers(file.path), let kind = kind(of: file) else {
                continue
            }
            switch kind {
            case .plan: PlanReader.read(file, into: &found)
            case .chart: charts[chart(of: file.path), default: 0] += 1
            default: read(file, kind, &manifests, into: &found)
            }
        }
        manifests.read(into: &found)
        for (chart, count) in charts.sorted(by: { $0.key < $1.key }) {
            let why = rendering.failures.first { chart.hasPrefix($0.key) }?.value ?? "nothing says where it begins"
            found.note(
                chart,
                "not rendered: \(count) templates of a Helm chart (\(why)); assess what helm template writes instead")
        }
    }

    private static func chart(of path: String) -> String {
        let parts = path.split(separator: "/")
        let folder = parts.prefix { $0 != "templates" }.map { "\($0)/" }.joined()
        return folder.isEmpty ? "Chart.yaml" : "\(folder)Chart.yaml"
    }

    private static func read(
        _ file: SourceFile, _ kind: Kind, _ manifests: inout Kustomizations, into found: inout ReadResources
    ) {
        let (documents, failure) = YAMLDocuments.read(file.bytes)
        if let failure { found.note(file.path, failure.description) }
        for document in documents {
            switch kind {
            case .pipeline(let format, let type):
                // GitLab's pipelines may have a header document that only names inputs.
                if document["spec"] != nil, format == .gitlabCI { continue }
                PipelineReader.read(document, file.path, format, type, into: &found)
            case .kustomization: manifests.add(kustomization: document, file.path)
            case .compose: ComposeReader.read(document, file.path, into: &found)
            default:
                if CloudFormationReader.isTemplate(document) {
                    CloudFormationReader.read(document, file.path, into: &found)
                } else if KubernetesReader.isObject(document) {
                    manifests.add(manifest: document, file.path)
                }
            }
        }
    }
}
