import Scan
import Testing

@testable import Threats

@Suite struct ModelTests {
    @Test func theShopIsReadWhole() async throws {
        let model = try await Repository(Shop.files).model()
        #expect(
            model.elementLines.sorted() == [
                "external anyone Anyone on the internet @ internet",
                "external contributor Anyone who contributes @ internet",
                "external service sso.shop-identity.com @ third-parties",
                "process aws_lambda_function aws_lambda_function.mailer @ account:aws:infra",
                "process aws_lb aws_lb.front @ network:infra|aws_vpc.main",
                "process github.workflow label @ pipeline",
                "process kubernetes.Deployment api @ namespace:shop",
                "process service web @ compose:",
                "store aws_s3_bucket aws_s3_bucket.invoices @ account:aws:infra",
                "store aws_sqs_queue aws_sqs_queue.mail @ account:aws:infra",
                "store github.secrets Secrets of the pipeline @ pipeline",
                "store kubernetes.Secret api-token @ namespace:shop",
                "store postgresql db @ compose:",
                "store redis cache @ compose:",
            ])
        #expect(
            model.flowLines == [
                "Anyone on the internet → api: reaches", "Anyone on the internet → aws_lb.front: reaches",
                "Anyone on the internet → web: HTTP, 4 routes", "Anyone who contributes → label: pull_request_target",
                "api → api-token: reads", "aws_lambda_function.mailer → aws_s3_bucket.invoices: uses",
                "aws_sqs_queue.mail → aws_lambda_function.mailer: delivers", "label → Secrets of the pipeline: reads",
                "web → cache: uses", "web → db: uses", "web → sso.shop-identity.com: calls",
            ])
        #expect(model.leftOut == 1)
        #expect(model.unchecked.isEmpty, "\(model.unchecked)")
    }

    @Test func theWaysInAreKnownWithWhoIsAsked() async throws {
        let model = try await Repository(Shop.files).model()
        let entries = model.entryPoints.map {
            "\($0.kind.rawValue) \($0.name)\($0.isPublic ? " public" : "")\($0.isGuarded == true ? " guarded" : "")"
        }.sorted()
        #expect(
            entries == [
                "ingress Ingress front public", "load_balancer aws_lb.front public",
                "message messages of aws_sqs_queue.mail",
                "port port 6379", "port port 8000 public", "route DELETE /orders/<id> public",
                "route GET /orders public guarded",
                "route GET /ping public", "route POST /login public", "trigger pull_request_target public",
            ])
    }

    @Test func everythingHasItsPlace() async throws {
        let model = try await Repository(Shop.files).model()
        for element in model.elements { #expect(!element.evidence.isEmpty, "\(element.id)") }
        for flow in model.flows { #expect(!flow.evidence.isEmpty, "\(flow.id)") }
        for threat in model.threats { #expect(!threat.evidence.isEmpty, "\(threat.id)") }
        #expect(model.element("compose:/db")?.evidence == [Evidence("compose.yaml", 11, "the service db of Compose")])
        let ids = Set(model.elements.map(\.id))
        #expect(model.flows.allSatisfy { ids.contains($0.source) && ids.contains($0.target) })
        #expect(Set(model.boundaries.map(\.id)) == Set(model.elements.map(\.boundary)))
    }

    @Test func whatIsKeptOfPersonsIsKnownByItsModel() async throws {
        let model = try await Repository(Shop.files).model()
        #expect(model.traits("db").contains(.personalData))
        #expect(model.traits("db").contains(.credentials))
        let evidence = model.elements.first { $0.name == "db" }?.traits[.personalData]
        #expect(evidence == [Evidence("web/app.py", 10, "Customer holds email, passwords")])
    }

    @Test func aBrokenFileIsSaid() async throws {
        let model = try await Repository(["k8s.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: [\n"]).model()
        #expect(model.elements.isEmpty)
        #expect(model.uncheckedCount > 0)
        #expect(model.unchecked.contains { $0.path == "k8s.yaml" })
    }

    @Test func nothingGivesNothing() async throws {
        let model = try await Repository(["README.md": "# nothing\n"]).model()
        #expect(model.elements.isEmpty && model.threats.isEmpty && model.score.points == 0)
    }

    @Test func noValueOfASecretIsEverShown() async throws {
        let secret = "hunter2-" + "correct-horse"
        let repository = try Repository([
            "compose.yaml": """
            services:
              db:
                image: postgres
                environment:
                  POSTGRES_PASSWORD: \(secret)
              web:
                image: web
                environment:
                  - DB_URL=postgres://u:\(secret)@db/x
                  - API_TOKEN=\(secret)
            """,
            "s.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: \(secret)}\n",
            "app.py": "import psycopg2\nc = psycopg2.connect('postgres://u:\(secret)@db/x')\n",
        ])
        let report = try await repository.report()
        for format in ThreatReport.Format.allCases { #expect(!report.text(format).contains(secret), "\(format)") }
        #expect(report.model.threat("T-SECRET-IN-TEXT", "db")?.standing == .open)
        #expect(report.model.threat("T-SECRET-IN-TEXT", "web")?.standing == .open)
        #expect(report.model.threat("T-SECRET-IN-TEXT", "s")?.standing == .open)
    }

    @Test func theSameFilesGiveTheSameBytes() async throws {
        let repository = try Repository(Shop.files)
        let first = try await repository.report()
        let second = try await repository.report()
        for format in ThreatReport.Format.allCases { #expect(first.text(format) == second.text(format), "\(format)") }
    }
}
