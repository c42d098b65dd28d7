using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Drover.Rehearsal.Model;

/// <summary>A request for an answer of the model, whatever its format.</summary>
/// <param name="Conversation">The CLI's session id where it tells one, else <see cref="Fingerprint"/>.</param>
/// <param name="WorkingDirectory">Of the CLI, as it tells the model; or null.</param>
/// <param name="AnswerSchema">What the answer must conform to, or null when it is free.</param>
internal sealed record ModelRequest(
    string Conversation, string Model, bool Streams, History History, OfferedTools Tools, string? WorkingDirectory, JsonElement? AnswerSchema)
{
    /// <summary>A request that offers no tools, or wants JSON of a certain shape, is an errand of the CLI's own (a title, a router, a probe) and no part of the script.</summary>
    public bool IsMain => Tools.Any && AnswerSchema is null && History.Prompts.Count > 0;

    /// <summary>The call with which a CLI that has given a command back before its end is asked for the rest; it does not move the script.</summary>
    public ToolCall? Awaiting { get; init; }

    /// <summary>The answer to a request to sum the conversation up, or null when it is none.</summary>
    public string? Summary { get; init; }

    /// <summary>The identity of a conversation whose CLI tells none.</summary>
    public static string Fingerprint(History history, string? workingDirectory) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{workingDirectory}\n{history.Prompts.FirstOrDefault()}")))[..16];
}
