import Rego

/// Resources of a template, under the names that Terraform has for them, so that one check judges both.
enum CloudFormationReader {
    static func isTemplate(_ document: Node) -> Bool {
        if document["AWSTemplateFormatVersion"] != nil { return true }
        return document["Resources"]?.members.contains { member in
            member.value["Type"]?.text.map { $0.hasPrefix("AWS::") } ?? false
        } ?? false
    }

    static func read(_ document: Node, _ file: String, into found: inout ReadResources) {
        let scope = "\(file)|"
        let intrinsics = Intrinsics(document, scope: scope)
        for member in document["Resources"]?.members ?? [] {
            guard let type = member.value["Type"]?.text else {
                found.note(file, "\(member.value.place.line): the resource \(member.key.prefix(80)) has no Type")
                continue
            }
            if let condition = member.value["Condition"]?.text, intrinsics.holds(condition: condition) == false {
                continue
            }
            let kind = CloudFormationNames.type(type)
            let place = member.place ?? member.value.place
            var body = Node.object(at: place)
            for property in member.value["Properties"]?.members ?? [] {
                guard let value = intrinsics.resolve(property.value) else { continue }
                CloudFormationNames.add(property.key, value, of: kind, to: &body)
            }
            found.resources.append(
                Resource(
                    key: scope + member.key, id: scope + member.key, format: .cloudformation, type: kind,
                    address: member.key, name: member.key, file: file, start: place, end: place, body: body))
        }
    }
}
