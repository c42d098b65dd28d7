using System.Text.Json;

namespace Drover.Rehearsal.Agent.StreamJson;

/// <summary>The line that opens every turn.</summary>
internal static class Opening
{
    private static readonly string[] Tools = ["Bash", "Edit", "Read", "Write"];

    public static void WriteInit(Utf8JsonWriter json, StreamJsonOptions options)
    {
        json.WriteString("type", "system");
        json.WriteString("subtype", "init");
        json.WriteString("cwd", options.WorkingDirectory);
        json.WriteString("session_id", options.SessionId);
        List(json, "tools", Tools);
        List(json, "mcp_servers", []);
        json.WriteString("model", options.Model);
        json.WriteString("permissionMode", options.PermissionMode);
        List(json, "slash_commands", []);
        json.WriteString("apiKeySource", "none");
        json.WriteString("claude_code_version", "2.1.197");
        json.WriteString("output_style", "default");
        List(json, "agents", []);
        List(json, "skills", []);
        List(json, "plugins", []);
        json.WriteBoolean("analytics_disabled", true);
        json.WriteBoolean("product_feedback_disabled", true);
        json.WriteString("uuid", Guid.NewGuid());
        json.WriteStartObject("memory_paths");
        json.WriteEndObject();
        json.WriteString("fast_mode_state", "off");
    }

    private static void List(Utf8JsonWriter json, string name, ReadOnlySpan<string> items)
    {
        json.WriteStartArray(name);
        foreach (var item in items) json.WriteStringValue(item);
        json.WriteEndArray();
    }
}
