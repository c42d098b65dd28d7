using System.Text.Json;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Agent.Acp;

/// <summary>The parts of which the protocol's messages are made.</summary>
internal static class AcpUpdates
{
    public static string Name(Tool tool) => tool is Tool.Shell ? "bash" : "write";

    public static string Title(Tool tool) => tool switch
    {
        Tool.Shell shell => shell.Command,
        Tool.Write write => write.Path,
        _ => "",
    };

    public static void Chunk(AcpWire wire, string sessionId, string kind, string messageId, string text) => wire.Update(sessionId, kind, json =>
    {
        json.WriteString("messageId", messageId);
        json.WriteStartObject("content");
        json.WriteString("type", "text");
        json.WriteString("text", text);
        json.WriteEndObject();
    });

    public static void Head(Utf8JsonWriter json, string callId, string title, Tool tool, string status)
    {
        json.WriteString("toolCallId", callId);
        json.WriteString("title", title);
        json.WriteString("kind", tool is Tool.Shell ? "execute" : "edit");
        json.WriteString("status", status);
    }

    public static void Locations(Utf8JsonWriter json, Tool tool, string workingDirectory)
    {
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteString("path", tool is Tool.Write write ? Path.Combine(workingDirectory, write.Path) : workingDirectory);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public static void RawInput(Utf8JsonWriter json, Tool tool, string workingDirectory)
    {
        json.WriteStartObject("rawInput");
        switch (tool)
        {
            case Tool.Shell shell:
                json.WriteString("command", shell.Command);
                json.WriteString("cwd", workingDirectory);
                break;
            case Tool.Write write:
                json.WriteString("filePath", Path.Combine(workingDirectory, write.Path));
                json.WriteString("content", write.Content);
                break;
        }

        json.WriteEndObject();
    }

    public static void Diff(Utf8JsonWriter json, Tool.Write write, string workingDirectory)
    {
        json.WriteStartArray("content");
        json.WriteStartObject();
        json.WriteString("type", "diff");
        json.WriteString("path", Path.Combine(workingDirectory, write.Path));
        json.WriteString("oldText", "");
        json.WriteString("newText", write.Content);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public static void Content(Utf8JsonWriter json, string text)
    {
        json.WriteStartArray("content");
        json.WriteStartObject();
        json.WriteString("type", "content");
        json.WriteStartObject("content");
        json.WriteString("type", "text");
        json.WriteString("text", text);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public static void Option(Utf8JsonWriter json, string id, string kind, string name)
    {
        json.WriteStartObject();
        json.WriteString("optionId", id);
        json.WriteString("kind", kind);
        json.WriteString("name", name);
        json.WriteEndObject();
    }

    public static void Stop(Utf8JsonWriter json, string reason, Tokens tokens)
    {
        json.WriteString("stopReason", reason);
        json.WriteStartObject("usage");
        json.WriteNumber("inputTokens", tokens.Input);
        json.WriteNumber("outputTokens", tokens.Output);
        json.WriteNumber("totalTokens", tokens.Input + tokens.Output + tokens.CacheRead + tokens.CacheWrite);
        json.WriteNumber("cachedReadTokens", tokens.CacheRead);
        json.WriteNumber("cachedWriteTokens", tokens.CacheWrite);
        json.WriteEndObject();
    }

    public static string Text(ModelError error) => error switch
    {
        ModelError.Unauthorized => "invalid x-api-key",
        ModelError.PromptTooLong => "prompt is too long",
        ModelError.RateLimited => "Number of requests has exceeded your rate limit (429)",
        ModelError.Internal => "Internal server error (500)",
        ModelError.Overloaded => "Overloaded (529)",
    };

    public static string Kind(ModelError error) => error switch
    {
        ModelError.Unauthorized => "authentication_failed",
        ModelError.PromptTooLong => "prompt_too_long",
        ModelError.RateLimited => "rate_limit",
        ModelError.Internal => "server_error",
        ModelError.Overloaded => "overloaded",
    };
}
