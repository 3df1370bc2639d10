import JSON
import MCP

/// Tools that ask their client for something: each comes again with the answer.
enum InputTools {
    static let all: [EverythingTool] = asking + stateless + stateful

    /// Named as for sessions, where the client is asked in mid-call.
    private static let asking: [EverythingTool] = [
        EverythingTool(
            "test_sampling", "Asks the client's model",
            inputSchema: Samples.object(["prompt": ["type": "string"]], required: ["prompt"])
        ) { call in
            if let answer = call.answer("sample") { return .text("LLM response: \(text(of: answer))") }
            let prompt = call.params.arguments["prompt"]?.string ?? ""
            return .inputRequired(InputRequests(["sample": sampling(prompt, maxTokens: 100)]))
        },
        EverythingTool(
            "test_elicitation", "Asks the person",
            inputSchema: Samples.object(["message": ["type": "string"]], required: ["message"])
        ) { call in
            let schema = Samples.object(
                ["response": ["type": "string", "description": "The person's response"]], required: ["response"])
            return form(call, call.params.arguments["message"]?.string ?? "", schema, "User response")
        },
        EverythingTool("test_elicitation_sep1034_defaults", "Asks the person with defaults") { call in
            form(call, "Please review and update the form fields", Samples.defaults, "Elicitation completed")
        },
        EverythingTool("test_elicitation_sep1330_enums", "Asks the person for choices") { call in
            form(call, "Please select options from the fields", Samples.choices, "Elicitation completed")
        },
        EverythingTool("test_elicitation_url", "Asks the person to visit a page") { call in
            if let answer = call.answer("form") {
                return .text("URL elicitation: \(ElicitResult(trusted: answer).action)")
            }
            return .inputRequired(
                InputRequests(["form": .url(message: "Please visit the page", url: "https://example.com/approve")]))
        },
        EverythingTool("test_streaming_elicitation", "Tells how far it has come, and asks nothing") { call in
            call.context.progress(50, total: 100)
            return .text("Streaming complete")
        },
    ]

    private static let stateless: [EverythingTool] = [
        EverythingTool("test_input_required_result_elicitation", "Asks for a name") { call in
            guard let name = call.filled("user_name", "name") else {
                return .inputRequired(InputRequests(["user_name": question("What is your name?", "name")]))
            }
            return .text("Hello, \(name)!")
        },
        EverythingTool("test_input_required_result_sampling", "Asks the client's model") { call in
            guard let answer = call.answer("sample_request") else {
                return .inputRequired(
                    InputRequests(["sample_request": sampling("What is the capital of France?", maxTokens: 100)]))
            }
            return .text("Sampling result: \(text(of: answer))")
        },
        EverythingTool("test_input_required_result_list_roots", "Asks for the client's folders") { call in
            guard let roots = call.answer("roots_request")?["roots"]?.array else {
                return .inputRequired(InputRequests(["roots_request": .roots]))
            }
            return .text("Found \(roots.count) root(s)")
        },
        EverythingTool("test_input_required_result_capabilities", "Asks for what the client can do") { call in
            if let responses = call.params.inputResponses, responses.count > 0 {
                return .text("capabilities-ok: received \(responses.keys.joined(separator: ","))")
            }
            var wanted: [(key: String, request: InputRequest)] = []
            if call.context.capabilities.hasElicitationForm {
                wanted.append(("elicit_input", question("Elicitation input", "value")))
            }
            if call.context.capabilities.hasSampling {
                wanted.append(("sample_input", sampling("Sample request", maxTokens: 50)))
            }
            return wanted.isEmpty
                ? .text("No supported capabilities declared")
                : .inputRequired(InputRequests(wanted), requestState: seal("capabilities", call))
        },
    ]

    /// Those whose later tries rest on a state that the client carries.
    private static let stateful: [EverythingTool] = [
        EverythingTool("test_input_required_result_request_state", "Gives the client a state to carry") { call in
            guard let state = try open(call), state == "request-state", call.answer("confirm") != nil else {
                return confirm("request-state", call)
            }
            return .text("state-ok: requestState validated")
        },
        EverythingTool("test_input_required_result_tampered_state", "Refuses a state that was changed") { call in
            guard let state = try open(call), state == "tamper-test", call.answer("confirm") != nil else {
                return confirm("tamper-test", call)
            }
            return .text("integrity-ok: state verified")
        },
        EverythingTool("test_input_required_result_multiple_inputs", "Asks for three things at once") { call in
            guard let state = try open(call), state == "multiple-inputs",
                let name = call.filled("user_name", "name"), let greeting = call.answer("greeting"),
                let roots = call.answer("client_roots")?["roots"]?.array
            else {
                return .inputRequired(
                    InputRequests([
                        "user_name": question("What is your name?", "name"),
                        "greeting": sampling("Generate a greeting", maxTokens: 50), "client_roots": .roots,
                    ]), requestState: seal("multiple-inputs", call))
            }
            return .text("Name: \(name); Greeting: \(text(of: greeting)); Roots: \(roots.count)")
        },
        EverythingTool("test_input_required_result_multi_round", "Asks twice, one after the other") { call in
            let state = try open(call)
            if state == "round-1", let name = call.filled("step1", "name") {
                return .inputRequired(
                    InputRequests(["step2": question("Step 2: What is your favorite color?", "color")]),
                    requestState: seal("round-2 \(name)", call))
            }
            if let state, state.hasPrefix("round-2 "), let color = call.filled("step2", "color") {
                return .text("Multi-round complete for \(state.dropFirst(8)) who likes \(color)")
            }
            return .inputRequired(
                InputRequests(["step1": question("Step 1: What is your name?", "name")]),
                requestState: seal("round-1", call))
        },
    ]

    static func question(_ message: String, _ field: String) -> InputRequest {
        .form(message: message, schema: Samples.object(JSON.object([field: ["type": "string"]]), required: [field]))
    }

    private static func sampling(_ prompt: String, maxTokens: Int) -> InputRequest {
        .sampling(CreateMessageParams([SamplingMessage(.user, .text(prompt))], maxTokens: maxTokens))
    }

    private static func text(of answer: JSON) -> String { answer["content"]?["text"]?.string ?? "no response" }

    private static func form(
        _ call: EverythingTool.Call, _ message: String, _ schema: JSON, _ words: String
    ) -> ServerReply {
        guard let answer = call.answer("form") else {
            return .inputRequired(InputRequests(["form": .form(message: message, schema: schema)]))
        }
        let result = ElicitResult(trusted: answer)
        return .text("\(words): action=\(result.action), content=\(JSON.object(result.content).text())")
    }

    private static func confirm(_ state: String, _ call: EverythingTool.Call) -> ServerReply {
        let schema = Samples.object(["ok": ["type": "boolean"]], required: ["ok"])
        return .inputRequired(
            InputRequests(["confirm": .form(message: "Please confirm", schema: schema)]),
            requestState: seal(state, call))
    }

    private static func seal(_ state: String, _ call: EverythingTool.Call) -> String {
        call.sealer.seal(Array(state.utf8), identity: call.identity, call: call.digest)
    }

    /// Nil for a call that brings no state; throws for one that is not ours, not for this call, or used before.
    private static func open(_ call: EverythingTool.Call) throws(RPCError) -> String? {
        guard let state = call.params.requestState else { return nil }
        return String(
            decoding: try call.sealer.open(state, identity: call.identity, call: call.digest), as: UTF8.self)
    }
}
