@testable import Scan
import Testing

/// Each format with what is wrong in it, and with nothing wrong.
@Suite struct FormatTests {
    @Test func cloudFormation() {
        let scanned = Scanned([
            "stack.yaml": """
            AWSTemplateFormatVersion: "2010-09-09"
            Parameters:
              Open: {Type: String, Default: "0.0.0.0/0"}
              Env: {Type: String, Default: prod}
            Conditions:
              IsTest: !Equals [!Ref Env, test]
            Mappings:
              Acl: {prod: {value: PublicRead}}
            Resources:
              Data:
                Type: AWS::S3::Bucket
                Properties:
                  AccessControl: !FindInMap [Acl, !Ref Env, value]
                  VersioningConfiguration: {Status: Enabled}
              Policy:
                Type: AWS::S3::BucketPolicy
                Properties:
                  Bucket: !Ref Data
                  PolicyDocument:
                    Statement:
                      - Effect: Allow
                        Principal: "*"
                        Action: s3:GetObject
                        Resource: !Sub "${Data.Arn}/*"
              Never:
                Type: AWS::S3::Bucket
                Condition: IsTest
              Group:
                Type: AWS::EC2::SecurityGroup
                Properties:
                  GroupDescription: x
                  SecurityGroupIngress:
                    - IpProtocol: tcp
                      FromPort: 22
                      ToPort: 22
                      CidrIp: !Ref Open
              Role:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument:
                    Statement: [{Effect: Allow, Principal: {AWS: "*"}, Action: "sts:AssumeRole"}]
                  Policies:
                    - PolicyName: p
                      PolicyDocument:
                        Statement: [{Effect: Allow, Action: "*", Resource: "*"}]
              Base:
                Type: AWS::RDS::DBInstance
                Properties:
                  StorageEncrypted: !If [IsTest, false, true]
                  PubliclyAccessible: !If [IsTest, true, !Ref "AWS::NoValue"]
            """
        ])
        #expect(scanned.found.unchecked.isEmpty, "\(scanned.found.unchecked)")
        #expect(scanned.has("aws-s3-public-acl", line: 13))
        #expect(scanned.has("aws-s3-public-policy", line: 20))
        #expect(scanned.has("aws-network-ssh-open", line: 33))
        #expect(scanned.has("aws-iam-trust-everyone", line: 41))
        #expect(scanned.has("aws-iam-admin"))
        #expect(
            !scanned.has("aws-s3-versioning") && !scanned.has("aws-data-rds-encryption")
                && !scanned.has("aws-data-rds-public"))
        #expect(!scanned.lines.contains { $0.contains("Never") })
        let attached = Scanned([
            "p.yaml": "Resources:\n  P:\n    Type: AWS::IAM::Policy\n    Properties:\n      Users: [!Ref U]\n"
        ])
        #expect(attached.has("aws-iam-user-policy", line: 5))
        let json = Scanned([
            "t.template":
                #"{"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"AccessControl": "PublicRead"}}}}"#
        ])
        #expect(json.has("aws-s3-public-acl", line: 1))
    }

    private let hardened = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          template:
            spec:
              automountServiceAccountToken: false
              securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
              containers:
                - name: web
                  image: registry.example/web:1.2.3
                  securityContext:
                    allowPrivilegeEscalation: false
                    readOnlyRootFilesystem: true
                    capabilities: {drop: [ALL]}
                  resources: {limits: {memory: 1Gi}, requests: {cpu: 1, memory: 1Gi}}
                  livenessProbe: {httpGet: {path: /, port: 80}}
                  readinessProbe: {httpGet: {path: /, port: 80}}
        """

    @Test func kubernetes() {
        #expect(Scanned(["web.yaml": hardened]).lines == [])
        let bad = Scanned([
            "pod.yml": """
            apiVersion: batch/v1
            kind: CronJob
            metadata: {name: job, namespace: default}
            spec:
              jobTemplate:
                spec:
                  template:
                    spec:
                      hostNetwork: true
                      volumes:
                        - name: sock
                          hostPath: {path: /var/run/docker.sock}
                      containers:
                        - name: a
                          image: busybox
                          securityContext:
                            privileged: true
                            runAsUser: 0
                            capabilities: {add: [SYS_ADMIN]}
                          env:
                            - name: P
                              valueFrom: {secretKeyRef: {name: s, key: k}}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: all}
            rules:
              - {apiGroups: ["*"], resources: ["*"], verbs: ["*"]}
              - {apiGroups: [""], resources: [secrets], verbs: [list]}
            """
        ])
        for rule in [
            "privileged", "host-namespace", "host-path", "docker-socket", "privilege-escalation", "run-as-root",
            "root-user",
            "writable-root", "added-capability", "capabilities-kept", "seccomp", "no-limits", "no-requests",
            "latest-tag",
            "service-token", "secret-environment", "default-namespace", "role-wildcard", "role-secrets",
        ] { #expect(bad.has("kubernetes-\(rule)"), "\(rule)") }
        #expect(bad.has("kubernetes-privileged", line: 17) && bad.has("kubernetes-latest-tag", line: 15))
        #expect(!bad.has("kubernetes-probes"))
    }

    /// What an overlay makes of its base is judged, where the flaw was written.
    @Test func kustomize() {
        let base = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
                - name: web
                  image: registry.example/web:1
                  securityContext: {privileged: true}
            """
        let files = [
            "base/kustomization.yaml": "resources: [pod.yaml]", "base/pod.yaml": base,
            "prod/kustomization.yaml": """
            namespace: default
            resources: [../base, https://example.org/x.yaml]
            patches:
              - path: safe.yaml
              - target: {kind: Pod, name: web}
                patch: |-
                  - op: add
                    path: /spec/hostPID
                    value: true
            images:
              - {name: registry.example/web, newTag: latest}
            """,
            "prod/safe.yaml": """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
                - name: web
                  securityContext:
                    privileged: false
                    runAsUser: 0
            """,
        ]
        let scanned = Scanned(files)
        #expect(!scanned.has("kubernetes-privileged"))
        #expect(scanned.has("kubernetes-host-namespace", line: 6, file: "prod/kustomization.yaml"), "\(scanned.lines)")
        #expect(scanned.has("kubernetes-latest-tag", file: "prod/kustomization.yaml"))
        #expect(scanned.has("kubernetes-default-namespace", line: 1, file: "prod/kustomization.yaml"))
        #expect(scanned.has("kubernetes-root-user", line: 6, file: "base/pod.yaml"))
        #expect(!scanned.found.findings.contains { $0.path == "prod/safe.yaml" })
        #expect(
            scanned.found.unchecked.map(\.detail) == ["2: https://example.org/x.yaml is elsewhere and is not fetched"])
        #expect(Scanned(["base/pod.yaml": base]).has("kubernetes-privileged", line: 8))
        let circle = Scanned([
            "a/kustomization.yaml": "resources: [../b]", "b/kustomization.yaml": "resources: [../c]",
            "c/kustomization.yaml": "resources: [../b]",
        ])
        #expect(circle.found.unchecked.contains { $0.detail.contains("circle") })
    }

    @Test func whatIsCalledADockerfile() {
        for name in ["Dockerfile", "dockerfile.dev", "Dockerfile.go", "web.Dockerfile", "Containerfile"] {
            #expect(DockerfileReader.wants(name), "\(name)")
        }
        for name in ["dockerfile.rego", "Dockerfile.md", "docker", "Dockerfiles"] {
            #expect(!DockerfileReader.wants(name), "\(name)")
        }
    }

    @Test func dockerfile() {
        let good = Scanned([
            "Dockerfile": """
            # syntax=docker/dockerfile:1
            ARG VERSION=3.12
            FROM python:${VERSION}-slim AS build
            SHELL ["/bin/bash", "-o", "pipefail", "-c"]
            RUN apt-get update \\
                # a comment within
                && apt-get install -y --no-install-recommends gcc=4:12.2.0-3 \\
                && rm -rf /var/lib/apt/lists/*
            COPY --chown=app . /app
            RUN <<EOF
            echo one
            EOF
            FROM build
            WORKDIR /app
            USER app
            HEALTHCHECK CMD ["true"]
            ENTRYPOINT ["python", "-m", "app"]
            """
        ])
        #expect(good.lines == [])
        let bad = Scanned([
            "build/Dockerfile.dev": """
            FROM ubuntu
            MAINTAINER me
            ENV API_KEY=notreally123
            ADD . /app
            RUN curl -k https://example.org/x.sh | bash
            RUN apt-get update
            RUN sudo apt install vim
            RUN pip install flask
            WORKDIR app
            EXPOSE 22 99999
            CMD echo a
            CMD echo b
            """
        ])
        for (rule, line) in [
            ("untagged-base", 1), ("maintainer", 2), ("secret-in-environment", 3), ("add-instead-of-copy", 4),
            ("pipe-to-shell", 5),
            ("no-verification", 5), ("apt-update-alone", 6), ("sudo", 7), ("pip-unpinned", 8), ("relative-workdir", 9),
            ("ssh-port", 10), ("bad-port", 10), ("shell-form", 11), ("many-entries", 11), ("root", 1),
        ] { #expect(bad.has("docker-\(rule)", line: line), "\(rule): \(bad.lines)") }
        let broken = Scanned(["Dockerfile": "FROM a:1\nFRUM b\nUSER x"])
        #expect(broken.found.unchecked.map(\.detail) == ["2:1: FRUM is no instruction"])
        #expect(Scanned(["Containerfile": "# nothing"]).found.unchecked.map(\.detail) == ["has no FROM"])
    }

    @Test func compose() {
        let scanned = Scanned([
            "docker-compose.yml": """
            x-base: &base
              privileged: true
            services:
              a:
                <<: *base
                image: redis
                network_mode: host
                ports: ["6379:6379"]
                volumes: ["/var/run/docker.sock:/var/run/docker.sock", "/:/host"]
              b:
                image: redis:7
                volumes: ["data:/data"]
            """
        ])
        for rule in ["privileged", "unpinned-image", "host-namespace", "open-database", "docker-socket", "host-folder"]
        {
            #expect(scanned.has("compose-\(rule)"), "\(rule)")
        }
        #expect(!scanned.lines.contains { $0.contains(" b ") })
    }

    @Test func gitHub() {
        let good = """
            name: ci
            on: {push: {branches: [main]}}
            permissions: {contents: read}
            jobs:
              a:
                runs-on: ubuntu-latest
                steps:
                  - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
                    with: {persist-credentials: false}
                  - run: echo "$TITLE"
                    env: {TITLE: "${{ github.event.issue.title }}"}
            """
        #expect(Scanned([".github/workflows/ci.yml": good]).lines == [])
        let bad = Scanned([
            ".github/workflows/pr.yaml": """
            on: [pull_request_target]
            jobs:
              a:
                runs-on: [self-hosted]
                steps:
                  - uses: actions/checkout@v4
                    with:
                      ref: ${{ github.event.pull_request.head.sha }}
                  - run: |
                      echo "${{ github.event.pull_request.title }}" >> $GITHUB_ENV
                  - run: echo ${{ matrix.x }}
                  - if: github.actor == 'dependabot[bot]'
                    run: env
                    env: {ALL: "${{ toJSON(secrets) }}"}
              b:
                permissions: write-all
                uses: other/repo/.github/workflows/x.yml@main
                secrets: inherit
            """
        ])
        for (rule, line) in [
            ("dangerous-trigger", 1), ("untrusted-checkout", 8), ("script-injection", 9), ("unpinned-action", 6),
            ("persisted-credentials", 6),
            ("environment-injection", 9), ("template-in-script", 11), ("bot-condition", 12), ("all-secrets", 14),
            ("write-all", 16),
            ("secrets-inherited", 18), ("self-hosted", 4),
        ] { #expect(bad.has("github-\(rule)", line: line), "\(rule): \(bad.lines)") }
        #expect(bad.has("github-excessive-permissions"))
    }

    @Test func gitLab() {
        let scanned = Scanned([
            ".gitlab-ci.yml": """
            include:
              - remote: https://example.org/x.yml
            image: ruby
            build:
              image: docker:latest
              services: ["docker:dind"]
              script:
                - curl -k https://example.org/x | sh
                - eval "echo $CI_COMMIT_MESSAGE"
            """
        ])
        for rule in [
            "remote-include", "unpinned-image", "privileged-service", "pipe-to-shell", "script-injection",
            "no-verification",
        ] {
            #expect(scanned.has("gitlab-\(rule)"), "\(rule): \(scanned.lines)")
        }
    }

    @Test func plans() {
        let plan = """
            {"format_version": "1.2", "planned_values": {"root_module": {"resources": [
              {"address": "aws_s3_bucket.b", "mode": "managed", "type": "aws_s3_bucket", "name": "b",
               "values": {"acl": "public-read"}},
              {"address": "aws_s3_bucket_versioning.b", "mode": "managed", "type": "aws_s3_bucket_versioning", "name": "b",
               "values": {"versioning_configuration": [{"status": "Enabled"}]}}]}},
             "configuration": {"root_module": {"resources": [
              {"address": "aws_s3_bucket_versioning.b", "expressions": {"bucket": {"references": ["aws_s3_bucket.b.id", "aws_s3_bucket.b"]}}}]}}}
            """
        let scanned = Scanned(["plan.json": plan])
        #expect(scanned.has("aws-s3-public-acl", line: 3))
        #expect(!scanned.has("aws-s3-versioning"))
        let unset = """
            {"planned_values": {"root_module": {"resources": [
              {"address": "aws_db_instance.d", "mode": "managed", "type": "aws_db_instance", "name": "d",
               "values": {"backup_retention_period": null, "iam_database_authentication_enabled": true}},
              {"address": "google_compute_instance.m", "mode": "managed", "type": "google_compute_instance", "name": "m",
               "values": {"network_interface": [{"access_config": []}]}}]}}}
            """
        let defaults = Scanned(["plan.json": unset])
        #expect(defaults.has("aws-data-rds-backup", line: 2), "\(defaults.lines)")
        #expect(!defaults.has("aws-data-rds-iam") && !defaults.has("google-vm-public-ip"))
        #expect(Scanned(["plan.json": "{\"planned_values\": 1}"]).found.unchecked.count == 1)
        #expect(Scanned(["plan.json": "{\"planned_values\": {"]).found.unchecked.count == 1)
    }

    @Test func azureAndGoogle() {
        let scanned = Scanned([
            "main.tf": """
            resource "azurerm_network_security_rule" "r" {
              access                     = "Allow"
              direction                  = "Inbound"
              protocol                   = "TCP"
              source_address_prefix      = "*"
              destination_port_range     = "20-30"
            }
            resource "azurerm_storage_account" "s" {
              min_tls_version                 = "TLS1_0"
              public_network_access_enabled   = false
              allow_nested_items_to_be_public = false
            }
            resource "google_compute_firewall" "f" {
              source_ranges = ["0.0.0.0/0"]
              allow {
                protocol = "tcp"
                ports    = ["1000-6000"]
              }
            }
            resource "google_storage_bucket_iam_binding" "b" {
              members = ["allUsers"]
            }
            """
        ])
        #expect(
            scanned.rules == [
                "azure-ssh-open", "azure-storage-tls", "google-rdp-open", "google-sensitive-port-open",
                "google-bucket-public",
            ])
    }

    private static let bomb: String = {
        var text = "apiVersion: v1\nkind: Pod\na: &a [x,x,x,x,x,x,x,x,x,x]\n"
        for (name, before) in zip("bcdefghijkl", "abcdefghijk") {
            text += "\(name): &\(name) [" + Array(repeating: "*\(before)", count: 10).joined(separator: ",") + "]\n"
        }
        return text
    }()

    /// What cannot be read is told; a bomb of aliases ends at its bound.
    @Test(arguments: [
        ("a.yaml", "apiVersion: v1\nkind: Pod\nx: [1, 2\n", "expected"),
        ("docker-compose.yml", "version: 1", "no services"),
        (".github/workflows/x.yml", "jobs:\n  a:\n - b", "3:"), (".github/workflows/x.yml", "- a", "no mapping"),
        ("templates/a.yaml", "apiVersion: v1\nkind: Pod\nname: {{ .Values.name }}", "not rendered"),
        ("bomb.yaml", bomb, "once its aliases are followed"),
    ])
    func whatCannotBeRead(_ path: String, _ text: String, _ words: String) {
        let scanned = Scanned([path: text])
        #expect(scanned.found.unchecked.contains { $0.detail.contains(words) }, "\(scanned.found.unchecked)")
    }

    /// Files of other kinds are not kept.
    @Test func whatIsNoInfrastructure() {
        let scanner = InfrastructureScanner()
        for (path, text) in [
            ("package.json", "{\"name\": \"x\"}"), ("config.yaml", "a: 1"), ("openapi.yml", "openapi: 3.0.0"),
        ] {
            #expect(scanner.reads(path) && !scanner.keeps(TreeFile(path: Array(path.utf8), bytes: Array(text.utf8))))
        }
        #expect(!scanner.reads("main.go"))
    }

    /// Any bytes give findings and problems, within the time.
    @Test func mutations() {
        let seeds = [
            "a.yaml": hardened, "Dockerfile": "FROM a:1 AS b\nRUN <<E\nx\nE\nUSER 1\nCMD [\"a\"]\n",
            "plan.json":
                "{\"planned_values\":{\"root_module\":{\"resources\":[{\"address\":\"a.b\",\"type\":\"aws_s3_bucket\",\"values\":{}}]}}}",
            "t.template":
                "Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties: {AccessControl: !If [x, !Sub \"${A.b}\", !Join [a, [b]]]}\n",
            ".github/workflows/a.yml": "on: push\njobs: {a: {steps: [{uses: a@b}, {run: \"${{ x }}\"}]}}\n",
        ]
        var state: UInt64 = 11
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(max(bound, 1)))
        }
        let clock = ContinuousClock()
        let end = clock.now + .seconds(2)
        let scanner = InfrastructureScanner()
        var rounds = 0
        while clock.now < end {
            for (path, text) in seeds {
                var bytes = Array(text.utf8)
                for _ in 0...random(4) {
                    let at = random(bytes.count)
                    switch random(3) {
                    case 0: bytes[at] = UInt8(random(256))
                    case 1: bytes.remove(at: at)
                    default: bytes.insert(Array("{}[]:!&*-\n \"$".utf8)[random(13)], at: at)
                    }
                }
                _ = scanner.scan([SourceFile(path: path, bytes: bytes)])
                rounds += 1
            }
        }
        #expect(rounds > 10)
    }
}
