namespace Drover.Rehearsal.Model;

/// <param name="Path">Without the query.</param>
internal sealed record HttpRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    private static readonly string[] SessionHeaders = ["x-claude-code-session-id", "thread-id", "session_id", "x-session-id", "x-session-affinity"];

    /// <summary>The session or thread as the CLIs name it to the model's server, or null.</summary>
    public string? Session => SessionHeaders.Select(Header).FirstOrDefault(id => id is not null);

    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value : null;
}
