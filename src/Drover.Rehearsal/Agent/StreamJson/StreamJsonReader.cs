using System.Text.Json;

namespace Drover.Rehearsal.Agent.StreamJson;

/// <summary>Reads the client's lines: user messages and permission answers go to the inbox, control requests are answered at once.</summary>
internal sealed class StreamJsonReader(Inbox inbox, LineWriter output, StreamJsonOptions options)
{
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
            switch (root.GetProperty("type").GetString())
            {
                case "user":
                    inbox.Put(ReadUser(root));
                    break;
                case "control_request":
                    Answer(root.GetProperty("request_id").GetString()!, root.GetProperty("request"));
                    break;
                case "control_response":
                    // The real CLI gives these back as well when it replays user messages.
                    if (options.ReplaysUserMessages) output.WriteText(line);
                    ReadPermission(root.GetProperty("response"));
                    break;
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // The real CLI ends on input that it cannot read.
            Console.Error.WriteLine($"Error parsing streaming input line: {line[..Math.Min(200, line.Length)]}: {e.Message}");
            Environment.Exit(1);
        }
    }

    private static UserMessage ReadUser(JsonElement root)
    {
        var content = root.GetProperty("message").GetProperty("content");
        var text = content.ValueKind == JsonValueKind.String
            ? content.GetString()!
            : string.Join("\n", content.EnumerateArray().Where(block => block.GetProperty("type").GetString() == "text").Select(block => block.GetProperty("text").GetString()));
        return new UserMessage(text, root.TryGetProperty("uuid", out var uuid) ? uuid.GetString() : null, null);
    }

    private void ReadPermission(JsonElement response)
    {
        var id = response.GetProperty("request_id").GetString()!;
        if (response.GetProperty("subtype").GetString() != "success")
        {
            inbox.Put(id, new Permission(false, response.TryGetProperty("error", out var error) ? error.GetString() : null));
            return;
        }

        var answer = response.GetProperty("response");
        var isAllowed = answer.GetProperty("behavior").GetString() == "allow";
        inbox.Put(id, new Permission(isAllowed, answer.TryGetProperty("message", out var why) ? why.GetString() : null));
    }

    private void Answer(string id, JsonElement request)
    {
        switch (request.GetProperty("subtype").GetString())
        {
            case "initialize":
                Respond(id, json =>
                {
                    foreach (var list in new[] { "commands", "agents" }) Empty(json, list);
                    json.WriteString("output_style", "default");
                    foreach (var list in new[] { "available_output_styles", "models" }) Empty(json, list);
                    json.WriteStartObject("account");
                    json.WriteEndObject();
                    json.WriteNumber("pid", Environment.ProcessId);
                });
                break;
            case "interrupt":
                Respond(id, null);
                inbox.Interrupt();
                break;
            case "set_model":
                options.Model = request.GetProperty("model").GetString() ?? options.Model;
                Respond(id, null);
                break;
            case "set_permission_mode":
                options.PermissionMode = request.GetProperty("mode").GetString()!;
                Respond(id, json => json.WriteString("mode", options.PermissionMode));
                break;
            case "mcp_status":
                Respond(id, json => Empty(json, "mcpServers"));
                break;
            case var unknown:
                output.Write(json =>
                {
                    json.WriteString("type", "control_response");
                    json.WriteStartObject("response");
                    json.WriteString("subtype", "error");
                    json.WriteString("request_id", id);
                    json.WriteString("error", $"Unsupported control request subtype: {unknown}");
                    json.WriteEndObject();
                });
                break;
        }
    }

    private void Respond(string id, Action<Utf8JsonWriter>? body) => output.Write(json =>
    {
        json.WriteString("type", "control_response");
        json.WriteStartObject("response");
        json.WriteString("subtype", "success");
        json.WriteString("request_id", id);
        if (body is not null)
        {
            json.WriteStartObject("response");
            body(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    private static void Empty(Utf8JsonWriter json, string list)
    {
        json.WriteStartArray(list);
        json.WriteEndArray();
    }
}
