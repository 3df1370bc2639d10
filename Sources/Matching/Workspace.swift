import CPCRE2
import Synchronization

/// What one running match needs beside its code: offsets, limits and a stack. Shared by all expressions, since any
/// will do; used by one thread at a time and kept for the next.
struct Workspace: @unchecked Sendable {
    let data: OpaquePointer?
    let context: OpaquePointer?
    private let stack: OpaquePointer?

    private static let pool = Mutex<[Workspace]>([])
    private static let keep = 64

    private init() {
        data = pcre2_match_data_create_8(UInt32(Expression.maximumGroups + 1), nil)
        context = pcre2_match_context_create_8(nil)
        stack = pcre2_jit_stack_create_8(32 * 1024, 512 * 1024, nil)
        pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack))
    }

    static func take() -> Workspace { pool.withLock { $0.popLast() } ?? Workspace() }

    static func give(_ workspace: Workspace) {
        let kept = pool.withLock { pool in
            if pool.count < keep { pool.append(workspace) } else { return false }
            return true
        }
        if !kept { workspace.free() }
    }

    func set(_ limits: Expression.Limits) {
        pcre2_set_match_limit_8(context, UInt32(clamping: limits.matches))
        pcre2_set_depth_limit_8(context, UInt32(clamping: limits.depth))
        pcre2_set_heap_limit_8(context, UInt32(clamping: limits.heapKiB))
    }

    private func free() {
        pcre2_match_data_free_8(data)
        pcre2_match_context_free_8(context)
        pcre2_jit_stack_free_8(stack)
    }
}
