using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Drover.Rehearsal.Model;

/// <summary>A request of the Anthropic Messages API.</summary>
/// <param name="Conversation">The CLI's session id where it tells one, else derived from the first prompt.</param>
/// <param name="WorkingDirectory">As the CLI's system prompt has it, or null.</param>
internal sealed record MessagesRequest(
    string Conversation, string Model, bool Streams, History History, OfferedTools Tools, string? WorkingDirectory)
{
    /// <summary>A request that offers no tools is an errand of the CLI's own (a title, a probe) and no part of the script.</summary>
    public bool IsMain => Tools.Any;

    /// <exception cref="JsonException">The body is not such a request.</exception>
    public static MessagesRequest Read(HttpRequest request)
    {
        using var document = JsonDocument.Parse(request.Body);
        var root = document.RootElement;
        try
        {
            var history = History.Read(root.GetProperty("messages"));
            return new MessagesRequest(
                request.Header("x-claude-code-session-id") ?? SessionOf(root) ?? Fingerprint(history),
                root.GetProperty("model").GetString()!,
                root.TryGetProperty("stream", out var stream) && stream.GetBoolean(),
                history,
                OfferedTools.Read(root),
                root.TryGetProperty("system", out var system) ? WorkingDirectoryIn(system.GetRawText()) : null);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    private static string? SessionOf(JsonElement root) =>
        root.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("user_id", out var user)
        && Regex.Match(user.GetString() ?? "", "session_(?:id\\W+)?([0-9a-f-]{36})") is { Success: true } found
            ? found.Groups[1].Value
            : null;

    private static string Fingerprint(History history) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(history.Prompts.FirstOrDefault() ?? "")))[..16];

    private static string? WorkingDirectoryIn(string system) =>
        Regex.Match(system, @"orking directory: ((?:[^""\\]|\\[^n])+?)(?=\\n|"")") is { Success: true } found
            ? JsonDocument.Parse($"\"{found.Groups[1].Value}\"").RootElement.GetString()
            : null;
}
