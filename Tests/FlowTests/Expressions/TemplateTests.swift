import Core
import Flow
import JSON
import Testing

/// Values with expressions in them.
@Suite struct TemplateTests {
    private func filled(_ source: JSON, _ scope: Scope = ExpressionTests.scope) throws -> JSON {
        try Template(source).evaluate(in: scope)
    }

    @Test func anExpressionAloneKeepsItsTypeAndInTextBecomesText() throws {
        #expect(try filled("${{ inputs.count }}") == 3)
        #expect(try filled("${{inputs.flag}}") == true)
        #expect(try filled("n=${{ inputs.count }}") == "n=3")
        #expect(try filled("${{ inputs.count }}${{ inputs.name }}") == "3shop")
        #expect(try filled("[${{ inputs.missing }}] ${{ steps.look.outputs.list[0] }}") == "[] {\"id\":\"a\",\"n\":1}")
        #expect(try filled("${{ inputs.missing }}") == .null)
        #expect(try filled(" ${{ inputs.count }}") == " 3")
    }

    @Test func everyTextOfAValueIsFilledAndNoKey() throws {
        let value = try filled(["a ${{ 1 }}": ["${{ inputs.count }}", 2, .null], "b": ["c": "x${{ inputs.name }}"]])
        #expect(value == ["a ${{ 1 }}": [3, 2, .null], "b": ["c": "xshop"]])
        #expect(try filled("plain } }} { $ text") == "plain } }} { $ text")
    }

    @Test func bracesCanBeWritten() throws {
        #expect(try filled("$${{ inputs.name }}") == "${{ inputs.name }}")
        #expect(try filled("$$${{ x }} ${{ 1 }}") == "$${{ x }} 1")
        #expect(try filled("${{ '}}' }}") == "}}")
        #expect(try filled("a ${{ format('{0}}}', 'it''s }} ') }} b") == "a it's }} } b")
    }

    /// Text from outside is text: whatever it holds, it is never an expression, and no part of one.
    @Test func whatIsYieldedIsNeverReadAgain() throws {
        let evil = "${{ inputs.secretly }}' || true || '"
        let scope = Scope([
            "inputs": ["evil": .string(evil), "path": "steps.look", "secretly": "leaked"],
            "steps": ["look": ["outputs": ["text": .string(evil), "list": [.string(evil)]]]],
        ])
        for source in ["inputs.evil", "steps.look.outputs.text", "steps.look.outputs.list[0]"] {
            #expect(try filled(.string("${{ \(source) }}"), scope) == .string(evil))
            #expect(try filled(.string("<${{ \(source) }}>"), scope) == .string("<\(evil)>"))
            #expect(try filled(.string("${{ \(source) == 'x' }}"), scope) == false)
            #expect(try filled(.string("${{ format('{0}', \(source)) }}"), scope) == .string(evil))
            #expect(try filled(["k": .string("${{ fromJSON(toJSON(\(source))) }}")], scope) == ["k": .string(evil)])
        }
        // A name from outside names a member and leads nowhere else.
        #expect(try filled("${{ steps[inputs.path].state }}", scope) == .null)
    }

    @Test func whatIsWrongIsSaidWithTheExpression() throws {
        let open = #expect(throws: GatehouseError.self) { try Template("a ${{ inputs.name") }
        #expect(open?.message.contains("no closing }}") == true && open?.hint?.contains("$${{") == true)
        let quoted = #expect(throws: GatehouseError.self) { try Template(["k": ["${{ 'x }}"]]) }
        #expect(quoted?.message.contains("no closing") == true)
        let wrong = #expect(throws: GatehouseError.self) { try Template("${{ inputs.a }} ${{ lenght(1) }}") }
        #expect(wrong?.message.contains("lenght") == true && wrong?.hint == "did you mean \"length\"?")
    }

    @Test func tellsItsExpressionsAndWhatIsConstant() throws {
        let template = try Template(["a": "${{ inputs.x }}", "b": ["${{ steps.look.outputs.y }}-${{ item }}", 1]])
        #expect(template.expressions.map(\.source) == ["inputs.x", "steps.look.outputs.y", "item"])
        #expect(template.constant == nil)
        #expect(try Template(["a": ["$${{ x }}", 1]]).constant == ["a": ["${{ x }}", 1]])
    }

    @Test func resultsAreBounded() throws {
        let scope = Scope(["inputs": ["text": .string(String(repeating: "x", count: 1 << 20))]])
        let four = JSON.array(Array(repeating: "${{ inputs.text }}", count: 3))
        #expect(try filled(four, scope).array?.count == 3)
        for source in [
            JSON.array(Array(repeating: "${{ inputs.text }}", count: 4)),
            .string(String(repeating: "${{ inputs.text }}", count: 4)),
        ] {
            let error = #expect(throws: GatehouseError.self) { try filled(source, scope) }
            #expect(error?.code == .exhausted)
        }
        var deep = JSON.null
        for _ in 0..<99 { deep = [deep] }
        let nested = Scope(["item": deep])
        #expect(try filled("${{ item }}", nested) == deep)
        #expect(throws: GatehouseError.self) { try filled([["${{ item }}"]], nested) }
    }

    @Test func workIsBoundedOverAllExpressionsOfOneTemplate() throws {
        let scope = Scope(["inputs": ["list": .array((0..<30_000).map { JSON($0) })]])
        let one = "${{ contains(inputs.list, 'x') }}"
        #expect(try filled(.array(Array(repeating: .string(one), count: 30)), scope).array?.count == 30)
        let error = #expect(throws: GatehouseError.self) {
            try filled(.array(Array(repeating: .string(one), count: 40)), scope)
        }
        #expect(error?.code == .exhausted)
    }
}
