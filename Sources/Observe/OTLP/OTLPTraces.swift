import Core
import Gate
import JSON

/// Spans as an ExportTraceServiceRequest.
enum OTLPTraces {
    /// `Span.SpanKind` and `Status.StatusCode` of opentelemetry/proto/trace/v1/trace.proto.
    private static let (kindInternal, kindClient, statusError) = (1, 3, 2)
    /// `Span.flags`: that it is known whether the parent is of another process, and that it is.
    private static let (knowsRemoteness, isRemote) = (0x100, 0x200)

    static func request(
        _ spans: [FinishedSpan], _ resource: ResourceIdentity, _ configured: [String: String]
    ) -> [UInt8] {
        OTLPWriter.request(
            (resources: "resourceSpans", scopes: "scopeSpans"), resource, configured,
            reserving: 512 + spans.count * 1400
        ) { writer in
            writer.array("spans") { writer in
                for span in spans { writer.object { write(span, &$0) } }
            }
        }
    }

    private static func write(_ span: FinishedSpan, _ writer: inout OTLPWriter) {
        let trace = span.action.trace
        writer.text("traceId", trace.span.traceID.text)
        writer.text("spanId", trace.span.spanIDText)
        if let parent = trace.parent { writer.text("parentSpanId", parent.spanIDText) }
        if let state = trace.span.state { writer.text("traceState", state) }
        writer.small("flags", 1 | knowsRemoteness | (trace.parent?.isRemote == true ? isRemote : 0))
        writer.text("name", span.name)
        writer.small("kind", span.call == nil && span.toolCall == nil ? kindInternal : kindClient)
        writer.nanoseconds("startTimeUnixNano", microseconds: span.start)
        writer.nanoseconds("endTimeUnixNano", microseconds: span.end)
        writer.array("attributes") { writer in
            write(span.action, &writer)
            if let call = span.call { write(call, &writer) }
            if let call = span.toolCall { write(call, isError: span.action.error != nil, &writer) }
        }
        if span.action.error != nil || span.toolCall?.hasFailed == true {
            writer.object("status") { $0.small("code", statusError) }
        }
    }

    private static func write(_ action: EndedAction, _ writer: inout OTLPWriter) {
        writer.attribute("gatehouse.action.id", action.id)
        writer.attribute("gatehouse.action.part_of", action.partOf)
        writer.attribute("gatehouse.tool", action.tool)
        writer.attribute("gatehouse.effect", action.effect.rawValue)
        writer.attribute("gatehouse.state", action.state.rawValue)
        writer.attribute("gatehouse.principal.id", action.principalID)
        writer.attribute("gatehouse.principal.kind", action.principalKind.rawValue)
        writer.attribute("gatehouse.session.id", action.sessionID)
        writer.attribute("gatehouse.session.class", action.sessionClass)
        writer.attribute("gatehouse.approval.id", action.approvalID)
        if !action.labels.isEmpty { writer.attribute("gatehouse.labels", action.labels.map(\.rawValue).sorted()) }
        if let decision = action.decision {
            writer.attribute("gatehouse.decision.verdict", decision.verdict.word)
            writer.attribute("gatehouse.decision.rule", decision.rule)
            writer.attribute("gatehouse.policy.revision", decision.policyRevision)
        }
        if action.usage.money > 0 {
            writer.attribute("gatehouse.usage.money_micros", Int(clamping: action.usage.money))
        }
        if action.isReconciled { writer.attribute("gatehouse.reconciled", true) }
        writer.attribute("error.type", action.error?.rawValue)
    }

    private static func write(_ call: MCPCall, isError: Bool, _ writer: inout OTLPWriter) {
        writer.attribute("mcp.method.name", MCPCall.method)
        writer.attribute("gen_ai.operation.name", "execute_tool")
        writer.attribute("gen_ai.tool.name", call.tool)
        writer.attribute("gatehouse.mcp.server", call.server)
        if call.hasFailed, !isError { writer.attribute("error.type", "tool_error") }
    }

    private static func write(_ call: GenAICall, _ writer: inout OTLPWriter) {
        writer.attributes(of: call.asked)
        if call.isStreamed { writer.attribute("gen_ai.request.stream", true) }
        writer.attribute("gen_ai.response.time_to_first_chunk", call.timeToFirstChunk)
        writer.attribute("gatehouse.attempts", call.attempts)
        guard call.attempts > 0 else { return }
        writer.attribute("gen_ai.usage.input_tokens", call.input)
        writer.attribute("gen_ai.usage.output_tokens", call.output)
        writer.attribute("gen_ai.usage.cache_read.input_tokens", call.cacheRead)
        writer.attribute("gen_ai.usage.cache_write.input_tokens", call.cacheWrite)
        writer.attribute("gen_ai.usage.reasoning.output_tokens", call.reasoning)
        if let reason = call.finishReason { writer.attribute("gen_ai.response.finish_reasons", [reason]) }
    }
}
