import HCL
import Testing

@Suite struct TerraformTests {
    private func evaluate(_ files: [String: String], _ folder: String = "") -> TerraformConfiguration {
        TerraformEvaluation.evaluate(folder, in: MemoryFiles(files: files))
    }

    private func attributes(_ files: [String: String], _ folder: String = "") -> [String: String] {
        let configuration = evaluate(files, folder)
        #expect(configuration.problems.isEmpty, "\(configuration.problems)")
        return Dictionary(configuration.resources.map { ($0.address, show($0.body.value)) }, uniquingKeysWith: { $1 })
    }

    @Test func variablesInTheirOrder() {
        let main = """
            variable "a" { default = "default" }
            variable "b" {}
            variable "n" { type = number }
            variable "s" { type = set(string) }
            variable "o" { type = object({ x = optional(string, "dx"), y = optional(number) }) }
            resource "t" "r" {
              v = [var.a, var.b, var.n, var.o]
            }
            resource "t" "each" {
              for_each = var.s
              k = each.key
            }
            """
        let found = attributes([
            "main.tf": main, "terraform.tfvars": "a = \"one\"\nn = \"5\"\no = {}",
            "z.auto.tfvars": "a = \"two\"\ns = [\"q\", \"p\"]",
        ])
        #expect(found["t.r"] == "{v:[\"two\",?${var.b},5,{x:\"dx\",y:null}]}")
        #expect(found["t.each[\"p\"]"] == "{for_each:[\"p\",\"q\"],k:\"p\"}")
        #expect(found.count == 3)
    }

    @Test func instances() {
        let found = attributes([
            "main.tf": """
            resource "t" "none" { count = 0 }
            resource "t" "two" {
              count = 2
              i     = count.index
            }
            resource "t" "unknown" {
              for_each = data.x.y.z
              v        = each.value
            }
            resource "t" "dynamic" {
              dynamic "rule" {
                for_each = [80, 443]
                iterator = it
                content { port = it.value }
              }
              dynamic "other" {
                for_each = var.missing
                content { v = other.value }
              }
            }
            variable "missing" {}
            """
        ])
        #expect(Set(found.keys) == ["t.two[0]", "t.two[1]", "t.unknown", "t.dynamic"])
        #expect(found["t.two[1]"] == "{count:2,i:1}")
        #expect(found["t.unknown"] == "{for_each:?${data.x.y.z},v:?${each.value}}")
        #expect(found["t.dynamic"] == "{other:[{v:?${other.value}}],rule:[{port:80},{port:443}]}")
    }

    @Test func modulesAreEvaluatedWhereTheyAreCalled() {
        let files = [
            "live/main.tf": """
            module "net" {
              source = "../modules/net"
              cidr   = "10.0.0.0/16"
            }
            resource "t" "user" {
              subnet = module.net.subnet
              cidr   = module.net.cidr
            }
            module "remote" { source = "hashicorp/x/y" }
            resource "t" "far" { v = module.remote.id }
            """,
            "modules/net/main.tf": """
            variable "cidr" {}
            locals { first = cidrsubnet(var.cidr, 8, 1) }
            resource "aws_subnet" "a" {
              cidr = local.first
              doc  = file("${path.module}/x.txt")
            }
            output "subnet" { value = aws_subnet.a.id }
            output "cidr" { value = local.first }
            """,
            "modules/net/x.txt": "text",
        ]
        let found = attributes(files, "live")
        #expect(found["module.net.aws_subnet.a"] == "{cidr:\"10.0.1.0/24\",doc:\"text\"}")
        #expect(found["t.user"] == "{cidr:\"10.0.1.0/24\",subnet:?${module.net.aws_subnet.a.id}}")
        #expect(found["t.far"] == "{v:?${module.remote.id}}")
        let called = TerraformEvaluation.calledFolders(of: "live", in: MemoryFiles(files: files))
        #expect(called == ["modules/net"])
    }

    @Test func circlesAreNamed() {
        let locals = evaluate([
            "a.tf": "locals {\n a = local.b\n b = [local.c]\n c = local.a\n}\nresource \"t\" \"r\" { v = local.a }"
        ])
        #expect(locals.problems.first?.problem.message == "is defined by itself: local.a → local.b → local.c → local.a")
        #expect(locals.resources.count == 1)
        let modules = evaluate([
            "a.tf": "module \"m\" { source = \"./m\" }", "m/b.tf": "module \"back\" { source = \"../\" }",
        ])
        #expect(modules.problems.first?.problem.message.contains(". → m → .") == true)
        #expect(modules.problems.first?.file == "m/b.tf")
    }

    @Test func nothingOutsideTheTree() {
        let found = evaluate([
            "a.tf":
                "module \"m\" { source = \"../../etc\" }\nresource \"t\" \"r\" { v = file(\"../../../etc/passwd\") }"
        ])
        #expect(found.problems.map(\.problem.message) == ["the module's source leads out of the tree"])
        #expect(show(found.resources[0].body.value).contains("?"))
    }

    @Test func placesOfAttributes() throws {
        let found = evaluate([
            "a.tf":
                "resource \"t\" \"r\" {\n  a = {\n    b = 1\n  }\n  c {\n    d = jsonencode({\n      e = 1 })\n  }\n}"
        ])
        let body = try #require(found.resources.first).body
        #expect(body["a"]?["b"]?.place.line == 3)
        guard case .list(let blocks)? = body["c"]?.content else {
            Issue.record("blocks are a list")
            return
        }
        #expect(blocks[0].place.line == 5)
        #expect(blocks[0]["d"]?.place.line == 6)
    }

    @Test func overridesAndJSON() {
        let found = attributes([
            "main.tf": "resource \"t\" \"r\" {\n a = 1\n b = 2\n x { c = 1 }\n}",
            "main_override.tf": "resource \"t\" \"r\" {\n b = 3\n x { c = 2 }\n}",
            "more.tf.json":
                "{\"variable\": {\"v\": {\"default\": 5}}, \"resource\": {\"t\": {\"j\": {\"p\": \"${var.v + 1}\"}}}}",
        ])
        #expect(found["t.r"] == "{a:1,b:3,x:[{c:2}]}")
        #expect(found["t.j"] == "{p:6}")
    }

    @Test func oneFaultLeavesTheRest() {
        let found = evaluate([
            "a.tf":
                "resource \"t\" \"r\" {\n a = nope()\n b = 2\n}\nresource \"t\" \"s\" {\n x = [\n}\nresource \"t\" \"u\" {}",
            "b.tf": "resource \"t\" {}",
        ])
        #expect(found.resources.map(\.address) == ["t.r", "t.u"])
        #expect(found.problems.count == 3)
        #expect(found.problems.contains { $0.file == "a.tf" && $0.problem.place.line == 2 })
    }

    /// Ten names that each need the one before ten times over are evaluated once each.
    @Test func localsAreEvaluatedOnce() {
        var text = "locals {\n a0 = 1\n"
        for level in 1...30 {
            text += " a\(level) = " + Array(repeating: "local.a\(level - 1)", count: 10).joined(separator: " + ") + "\n"
        }
        let found = attributes(["a.tf": text + "}\nresource \"t\" \"r\" { v = local.a30 > 1 }"])
        #expect(found["t.r"] == "{v:true}")
    }
}
