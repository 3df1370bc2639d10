import Rego

/// Workflows and pipelines: the whole document is one resource.
enum PipelineReader {
    static func format(_ path: String) -> (Resource.Format, type: String)? {
        let (folder, name) = FilePath.split(path)
        guard name.hasSuffix(".yml") || name.hasSuffix(".yaml") else { return nil }
        if folder.hasSuffix(".github/workflows") { return (.githubActions, "github.workflow") }
        if name == "action.yml" || name == "action.yaml" { return (.githubActions, "github.action") }
        if name.hasSuffix(".gitlab-ci.yml") || name.hasSuffix(".gitlab-ci.yaml") {
            return (.gitlabCI, "gitlab.pipeline")
        }
        return nil
    }

    static func read(
        _ document: Node, _ file: String, _ format: Resource.Format, _ type: String, into found: inout ReadResources
    ) {
        guard case .object = document.content else { return found.note(file, "holds no mapping") }
        if type == "github.workflow", document["jobs"] == nil { return found.note(file, "the workflow has no jobs") }
        let name = document["name"]?.text ?? FilePath.split(file).name
        found.resources.append(
            Resource(
                key: file, id: file, format: format, type: type, address: FilePath.split(file).name, name: name,
                file: file, start: Place(), end: Place(), body: document))
    }
}
