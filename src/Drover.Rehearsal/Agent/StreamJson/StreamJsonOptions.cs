namespace Drover.Rehearsal.Agent.StreamJson;

/// <summary>What the command line and later control requests say about the session.</summary>
internal sealed class StreamJsonOptions
{
    public required string SessionId { get; init; }

    public required string WorkingDirectory { get; init; }

    public required bool ReplaysUserMessages { get; init; }

    public required bool IncludesPartialMessages { get; init; }

    /// <summary>Changed by <c>set_model</c>, from the reader's thread.</summary>
    public required string Model { get; set; }

    /// <summary>Changed by <c>set_permission_mode</c>, from the reader's thread.</summary>
    public required string PermissionMode { get; set; }
}
