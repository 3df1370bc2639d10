import Core
import Scan

/// What findings say of what they are found in: rules by what they mean here. Those that are not listed say nothing.
enum FindingTraits {
    static let byRule: [String: Trait] = table(
        """
        plain_at_rest: aws-data-rds-encryption aws-data-redshift-encryption aws-data-dax-encryption
        plain_at_rest: aws-data-elasticache-at-rest aws-data-efs-encryption aws-data-search-at-rest aws-data-kinesis-encryption
        plain_at_rest: aws-ec2-volume-encryption aws-ec2-ebs-encryption aws-s3-encryption aws-keys-topic-encryption
        plain_at_rest: aws-keys-queue-encryption azure-disk-encryption aws-compute-eks-secrets
        plain_in_transit: aws-data-elasticache-transit aws-data-search-https aws-data-search-node-to-node
        plain_in_transit: aws-data-msk-encryption aws-edge-listener-plain
        plain_in_transit: aws-edge-cdn-plain azure-storage-http
        plain_in_transit: azure-database-tls azure-app-https google-sql-tls
        plain_in_transit: kubernetes-ingress-plain aws-compute-ecs-transit
        publicly_readable: aws-s3-public-acl aws-s3-authenticated-acl aws-s3-public-policy google-bucket-public
        publicly_readable: azure-storage-public google-bucket-prevention
        reachable_from_anywhere: aws-data-rds-public compose-open-database google-sql-public google-sql-open
        reachable_from_anywhere: azure-database-public azure-database-firewall
        public: google-vm-public-ip aws-compute-eks-public-endpoint aws-compute-lambda-url-public google-gke-open azure-aks-open
        admin_port: aws-network-ssh-open aws-network-rdp-open azure-ssh-open azure-rdp-open google-ssh-open google-rdp-open
        admin_port: aws-compute-eks-ssh
        unauthenticated: aws-edge-api-open aws-compute-lambda-url-public aws-compute-lambda-public azure-app-authentication
        unauthenticated: kubernetes-anonymous
        not_logged: aws-s3-logging aws-data-rds-logs aws-data-redshift-logging aws-edge-lb-logs aws-edge-cdn-logs
        not_logged: aws-edge-api-logs aws-data-docdb-logs aws-data-search-logs aws-compute-eks-logs azure-postgres-logging
        not_logged: azure-sql-auditing google-bucket-logs google-gke-logging
        not_backed_up: aws-data-rds-backup aws-data-dynamodb-recovery aws-data-elasticache-backup aws-s3-versioning
        not_backed_up: google-bucket-versioning google-sql-backup azure-database-backup
        privileged: kubernetes-privileged kubernetes-host-namespace kubernetes-host-path kubernetes-docker-socket
        privileged: kubernetes-added-capability compose-privileged compose-docker-socket compose-host-namespace
        privileged: compose-added-capability aws-compute-ecs-privileged aws-compute-codebuild-privileged
        privileged: gitlab-privileged-service
        broad_rights: aws-iam-admin aws-iam-wildcard-action aws-iam-wildcard-write aws-iam-privilege-escalation
        broad_rights: aws-iam-pass-role aws-iam-admin-attached google-vm-full-access
        unlimited: kubernetes-no-limits
        metadata_without_token: aws-ec2-imds-v2
        secret_in_text: aws-data-password-in-code aws-compute-lambda-environment-secret aws-ec2-user-data-secret
        secret_in_text: aws-keys-secret-in-code azure-password-in-code azure-vm-password docker-secret-in-environment
        secret_in_text: kubernetes-secret-environment code-hardcoded-key github-hardcoded-credentials
        untrusted_text: github-script-injection gitlab-script-injection
        untrusted_code: github-untrusted-checkout
        writing_token: github-write-all
        unpinned_action: github-unpinned-action gitlab-remote-include gitlab-unpinned-include
        command_injection: code-command-injection code-injection code-unsafe-deserialisation
        query_injection: code-sql-injection
        request_forgery: code-request-forgery
        path_traversal: code-path-traversal
        weak_cryptography: code-weak-password-hash code-weak-cipher
        """)

    /// What the finding means; nil for nothing that is asked here.
    static func trait(of finding: Finding) -> Trait? {
        if let known = byRule[finding.rule.id] { return known }
        switch finding.source {
        case "scan.secrets": return .secretInText
        case "scan.dependencies": return finding.severity >= .high ? .flawedPackage : nil
        default: return nil
        }
    }

    private static func table(_ text: String) -> [String: Trait] {
        var out: [String: Trait] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let trait = words.first.flatMap({ Trait(rawValue: String($0.dropLast())) }) else { continue }
            for rule in words.dropFirst() { out[String(rule)] = trait }
        }
        return out
    }
}

/// Gives findings to the elements that they are found in.
struct FindingMarks {
    private let cloud: CloudGraph
    /// By file, from top to bottom.
    private let resources: [String: [Resource]]
    private let components: Components

    init(_ resources: [Resource], _ cloud: CloudGraph, _ components: Components) {
        self.cloud = cloud
        self.components = components
        self.resources = Dictionary(grouping: resources, by: \.file).mapValues { $0.sorted { $0.start < $1.start } }
    }

    func mark(_ findings: [Finding], in builder: inout ModelBuilder) {
        for finding in findings where finding.state == .open && !finding.isOnlyInHistory {
            guard !FileKinds.isTest(Array(finding.path.utf8)[...]), let trait = FindingTraits.trait(of: finding) else {
                continue
            }
            // Its title is ours or an advisory's; what it was found in is not repeated.
            let evidence = Evidence(
                finding.path, finding.start.line, "\(finding.rule.title) (\(finding.rule.id))")
            for id in subjects(of: finding) { builder.mark(id, trait, evidence) }
        }
    }

    private func subjects(of finding: Finding) -> [String] {
        if let resource = resource(of: finding) { return ids(of: resource) }
        return components.element(of: finding.path).map { [$0] } ?? []
    }

    /// The one that the finding names, else the one that begins last before it.
    private func resource(of finding: Finding) -> Resource? {
        let all = resources[finding.path] ?? []
        let named = all.filter { resource in
            finding.snippet == resource.address || finding.snippet.hasPrefix("\(resource.address) ")
                || finding.snippet.hasPrefix("\(resource.address):")
        }
        return named.last { $0.start.line <= finding.start.line } ?? named.first
            ?? all.last { $0.start.line <= finding.start.line }
    }

    private func ids(of resource: Resource) -> [String] {
        switch resource.format {
        case .terraform, .cloudformation: cloud.subjects(of: resource.key).map(CloudReading.id)
        case .kubernetes: [KubernetesReading.id(resource)]
        case .compose: [ComposeReading.id(resource)]
        case .githubActions, .gitlabCI: [WorkflowReading.id(resource)]
        case .dockerfile: components.element(of: resource.file).map { [$0] } ?? []
        }
    }
}
