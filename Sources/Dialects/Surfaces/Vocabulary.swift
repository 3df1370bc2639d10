/// What the members of both APIs are called, and how their values are read. A name that is not here is not the
/// format's: it is inspected itself, and so is every string below it.
enum Vocabulary {
    enum Rule: Sendable {
        /// A word of the format or an identifier; what does not look like one is inspected.
        case token
        /// An identifier of something that the provider fetches or has stored.
        case reference
        /// Encrypted or signed bytes.
        case sealed
        /// All strings within are inspected.
        case text
        /// All strings, keys and long numbers within are inspected.
        case data
        /// A JSON Schema.
        case schema
        /// A string that holds JSON.
        case heldJSON
        /// Bytes in base64, where the format says so.
        case payload
        case system
        case toolDefinitions
        /// A log of the answer's tokens, each by itself.
        case logprobs
    }

    static let rules: [String: Rule] = {
        var rules: [String: Rule] = [:]
        func add(_ rule: Rule, _ names: String) {
            for name in names.split(whereSeparator: \.isWhitespace) { rules[String(name)] = rule }
        }
        add(.token, tokens)
        add(.text, texts)
        add(
            .reference,
            "file_id file_ids previous_response_id previous_message_id container_id vector_store_ids skill_id connector_id"
        )
        add(.sealed, "signature encrypted_content encrypted_index encrypted_stdout thought_signature")
        add(.data, "metadata variables env headers attributes input_examples logit_bias")
        add(.schema, "input_schema parameters schema output_schema")
        add(.heldJSON, "arguments")
        add(.payload, "data result partial_image_b64 b64_json embedding")
        add(.system, "system instructions")
        add(.toolDefinitions, "tools functions")
        add(.logprobs, "logprobs top_logprobs")
        return rules
    }()

    private static let tokens = """
        type role id object model status finish_reason native_finish_reason stop_reason tool_use_id tool_call_id call_id
        item_id response_id caller_id approval_request_id service_tier system_fingerprint effort reasoning_effort
        verbosity truncation detail media_type format output_format encoding_format voice mode ttl syntax quality size
        background moderation execution phase prompt_cache_retention search_context_size include modalities
        allowed_callers tool_choice display error_code speed obfuscation stream_id version tool_id toolset_name
        server_label fingerprint inference_geo memory_limit ranker generate_summary input_fidelity image_detail
        response_inclusion search_content_types category_applied_input_types language task timestamp_granularities[]
        include[] chunking_strategy
        """

    private static let texts = """
        messages content text input output outputs results name description title function custom source message error
        delta content_block choices usage index stream stream_options max_tokens max_completion_tokens temperature
        max_output_tokens max_tool_calls top_p top_k n seed stop stop_sequences stop_sequence user metadata
        safety_identifier prompt_cache_key user_id response_format json_schema strict parallel_tool_calls store
        frequency_penalty presence_penalty prediction thinking reasoning summary reasoning_content refusal annotations
        url_citation citations citation cited_text document_title document_index file_citation filename file file_data
        file_url url image_url image input_audio audio transcript tool_calls function_call tool_call part item response
        prompt conversation container created created_at completed_at sequence_number output_index content_index
        summary_index command_index annotation_index partial_image_index annotation budget_tokens cache_control context
        enabled disable_parallel_tool_use is_error input_tokens output_tokens total_tokens prompt_tokens
        completion_tokens input_tokens_details output_tokens_details prompt_tokens_details completion_tokens_details
        cached_tokens cache_write_tokens reasoning_tokens audio_tokens image_tokens text_tokens cache_creation
        accepted_prediction_tokens rejected_prediction_tokens cache_creation_input_tokens cache_read_input_tokens
        ephemeral_5m_input_tokens ephemeral_1h_input_tokens server_tool_use web_search_requests web_fetch_requests
        incomplete_details reason param code action query queries commands command stdout stderr logs include_usage
        include_obfuscation dimensions token bytes logprob start_index end_index start_char_index end_char_index
        start_page_number end_page_number start_block_index end_block_index search_result_index mcp_servers server_url
        server_description authorization authorization_token allowed_tools require_approval container_config
        user_location city region country timezone max_uses allowed_domains blocked_domains page_age retrieved_at
        retrieved score revised_prompt expires_at extra_content google stop_details context_management edits container_name
        web_search_options approximate definition grammar display_width_px display_height_px display_number
        display_width display_height defer_loading tool_usage partial_json request_id known_speaker_names[]
        known_speaker_references[] words word segments speaker start end duration seconds seek avg_logprob
        compression_ratio no_speech_prob tokens
        """
}

/// Whether a string is what an enumerated word, an identifier or a model's name looks like, and not a text.
enum TokenShape {
    static let longest = 256

    static func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count <= longest else { return false }
        var hasLetter = false
        for byte in text {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): hasLetter = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "+"):
                break
            default: return false
            }
        }
        // Digits alone may be a number of a person or a card.
        return hasLetter || text.count <= 6
    }
}
