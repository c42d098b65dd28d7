using System.Text.Json;

namespace Drover.Rehearsal.Agent.Acp;

/// <summary>Reads the client's messages: requests about sessions are answered at once, prompts and permission answers go to the inbox.</summary>
internal sealed class AcpReader(Inbox inbox, AcpWire wire, AcpSessions sessions)
{
    public const string AllowOnce = "once";
    public const string AllowAlways = "always";

    public void Read(TextReader input)
    {
        while (input.ReadLine() is { } line)
        {
            if (line.Length > 0) Read(line);
        }

        inbox.End();
    }

    private void Read(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (!root.TryGetProperty("method", out var method)) ReadPermission(root);
            else if (root.TryGetProperty("id", out var id)) Serve(id.Clone(), method.GetString()!, root.GetProperty("params"));
            else if (method.GetString() == "session/cancel") inbox.Interrupt();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            using var none = JsonDocument.Parse("null");
            wire.Fail(none.RootElement, -32700, $"Parse error: {e.Message}", null);
        }
    }

    private void Serve(JsonElement id, string method, JsonElement parameters)
    {
        switch (method)
        {
            case "initialize":
                wire.Answer(id, WriteCapabilities);
                break;
            case "session/new":
                var sessionId = sessions.Begin(parameters.GetProperty("cwd").GetString()!);
                wire.Answer(id, json =>
                {
                    json.WriteString("sessionId", sessionId);
                    WriteModes(json);
                });
                break;
            case "session/load":
                Load(id, parameters);
                break;
            case "session/fork":
                Fork(id, parameters);
                break;
            case "session/set_mode":
                wire.Answer(id, _ => { });
                break;
            case "session/prompt":
                Prompt(id, parameters);
                break;
            default:
                wire.Fail(id, -32601, $"Method not found: {method}", null);
                break;
        }
    }

    private void Load(JsonElement id, JsonElement parameters)
    {
        var sessionId = parameters.GetProperty("sessionId").GetString()!;
        if (sessions.Load(sessionId, parameters.GetProperty("cwd").GetString()!) is not { } history)
        {
            wire.Fail(id, -32602, $"Invalid params: there is no session {sessionId} in this directory", null);
            return;
        }

        foreach (var (role, text) in history)
            AcpUpdates.Chunk(wire, sessionId, role == "assistant" ? "agent_message_chunk" : "user_message_chunk", $"msg_{Guid.NewGuid():N}"[..28], text);
        wire.Answer(id, WriteModes);
    }

    private void Fork(JsonElement id, JsonElement parameters)
    {
        var original = parameters.GetProperty("sessionId").GetString()!;
        if (sessions.Fork(original, parameters.GetProperty("cwd").GetString()!) is not { } copy)
        {
            wire.Fail(id, -32602, $"Invalid params: there is no session {original} in this directory", null);
            return;
        }

        wire.Answer(id, json =>
        {
            json.WriteString("sessionId", copy);
            WriteModes(json);
        });
    }

    private void Prompt(JsonElement id, JsonElement parameters)
    {
        var sessionId = parameters.GetProperty("sessionId").GetString();
        if (sessionId != sessions.CurrentId)
        {
            wire.Fail(id, -32602, $"Invalid params: the session is {sessions.CurrentId}, not {sessionId}", null);
            return;
        }

        var text = string.Join("\n", parameters.GetProperty("prompt").EnumerateArray()
            .Where(block => block.GetProperty("type").GetString() == "text").Select(block => block.GetProperty("text").GetString()));
        inbox.Put(new UserMessage(text, null, id));
    }

    private void ReadPermission(JsonElement root)
    {
        var id = root.GetProperty("id").ToString();
        if (!root.TryGetProperty("result", out var result))
        {
            inbox.Put(id, new Permission(false, "The client answered with an error"));
            return;
        }

        var outcome = result.GetProperty("outcome");
        var isAllowed = outcome.GetProperty("outcome").GetString() == "selected" && outcome.GetProperty("optionId").GetString() is AllowOnce or AllowAlways;
        inbox.Put(id, new Permission(isAllowed, isAllowed ? null : "The user rejected permission to use this specific tool call."));
    }

    private static void WriteCapabilities(Utf8JsonWriter json)
    {
        json.WriteNumber("protocolVersion", 1);
        json.WriteStartObject("agentCapabilities");
        json.WriteBoolean("loadSession", true);
        json.WriteStartObject("promptCapabilities");
        json.WriteBoolean("embeddedContext", false);
        json.WriteBoolean("image", false);
        json.WriteEndObject();
        json.WriteStartObject("sessionCapabilities");
        json.WriteStartObject("fork");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("authMethods");
        json.WriteEndArray();
        json.WriteStartObject("agentInfo");
        json.WriteString("name", "drover-rehearsal");
        json.WriteString("version", typeof(AcpReader).Assembly.GetName().Version?.ToString(3));
        json.WriteEndObject();
    }

    private static void WriteModes(Utf8JsonWriter json)
    {
        json.WriteStartObject("modes");
        json.WriteString("currentModeId", "default");
        json.WriteStartArray("availableModes");
        json.WriteStartObject();
        json.WriteString("id", "default");
        json.WriteString("name", "Default");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
