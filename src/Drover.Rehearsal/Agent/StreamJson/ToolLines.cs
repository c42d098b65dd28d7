using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Agent.StreamJson;

/// <summary>Tool calls, their results and the question for permission, as the real CLI words them.</summary>
internal static partial class ToolLines
{
    private const string Rejected =
        "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the new_string was NOT written to the file). " +
        "STOP what you are doing and wait for the user to tell you how to proceed.";

    public static string Name(Tool tool) => tool is Tool.Shell ? "Bash" : "Write";

    /// <summary>The call's arguments as JSON.</summary>
    public static string Input(Tool tool, StreamJsonOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            switch (tool)
            {
                case Tool.Shell shell:
                    json.WriteString("command", shell.Command);
                    json.WriteString("description", "Run a scripted command");
                    break;
                case Tool.Write write:
                    json.WriteString("file_path", PathOf(write, options));
                    json.WriteString("content", write.Content);
                    break;
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static void WriteCall(Utf8JsonWriter json, string callId, Tool tool, StreamJsonOptions options)
    {
        json.WriteString("type", "tool_use");
        json.WriteString("id", callId);
        json.WriteString("name", Name(tool));
        json.WritePropertyName("input");
        json.WriteRawValue(Input(tool, options));
    }

    public static void WriteQuestion(Utf8JsonWriter json, string requestId, string callId, Tool tool, StreamJsonOptions options)
    {
        json.WriteString("type", "control_request");
        json.WriteString("request_id", requestId);
        json.WriteStartObject("request");
        json.WriteString("subtype", "can_use_tool");
        json.WriteString("tool_name", Name(tool));
        json.WriteString("display_name", Name(tool));
        json.WritePropertyName("input");
        json.WriteRawValue(Input(tool, options));
        json.WriteString("description", tool is Tool.Write write ? write.Path : "Run a scripted command");
        WriteSuggestion(json, tool);
        if (tool is Tool.Shell)
        {
            json.WriteString("decision_reason", "This command requires approval");
            json.WriteString("decision_reason_type", "other");
        }

        json.WriteString("tool_use_id", callId);
        json.WriteEndObject();
    }

    /// <summary><c>content</c> and <c>is_error</c> of the result block.</summary>
    public static void WriteOutcome(Utf8JsonWriter json, Tool tool, ToolOutcome outcome, StreamJsonOptions options)
    {
        var (text, isError) = outcome switch
        {
            ToolOutcome.Ran { ExitCode: 0 } ran => (ran.Output, (bool?)false),
            ToolOutcome.Ran ran => ($"Exit code {ran.ExitCode}\n{ran.Output}", true),
            ToolOutcome.Wrote { Created: true } => ($"File created successfully at: {PathOf(tool, options)} (file state is current in your context — no need to Read it back)", null),
            ToolOutcome.Wrote => ($"The file {PathOf(tool, options)} has been updated successfully.", null),
            ToolOutcome.Failed failed => (failed.Why, true),
            ToolOutcome.Denied denied => (denied.Why, true),
            ToolOutcome.Interrupted => (Rejected, true),
            _ => throw new UnreachableException(),
        };
        json.WriteString("content", text);
        if (isError is { } known) json.WriteBoolean("is_error", known);
    }

    /// <summary>The CLI's own account beside the result block.</summary>
    public static void WriteDetail(Utf8JsonWriter json, Tool tool, ToolOutcome outcome, StreamJsonOptions options)
    {
        switch (outcome)
        {
            case ToolOutcome.Ran { ExitCode: 0 } ran:
                WriteRan(json, ran.Output);
                break;
            case ToolOutcome.Ran ran:
                json.WriteString("tool_use_result", $"Error: Exit code {ran.ExitCode}\n{ran.Output}");
                break;
            case ToolOutcome.Wrote wrote:
                json.WriteStartObject("tool_use_result");
                json.WriteString("type", wrote.Created ? "create" : "update");
                json.WriteString("filePath", PathOf(tool, options));
                json.WriteString("content", (tool as Tool.Write)?.Content);
                json.WriteStartArray("structuredPatch");
                json.WriteEndArray();
                json.WriteNull("originalFile");
                json.WriteBoolean("userModified", false);
                json.WriteEndObject();
                break;
            case ToolOutcome.Failed failed:
                json.WriteString("tool_use_result", $"Error: {failed.Why}");
                break;
            case ToolOutcome.Denied denied:
                json.WriteString("tool_use_result", $"Error: {denied.Why}");
                break;
            case ToolOutcome.Interrupted:
                json.WriteString("tool_use_result", "User rejected tool use");
                break;
        }
    }

    private static void WriteRan(Utf8JsonWriter json, string output)
    {
        json.WriteStartObject("tool_use_result");
        json.WriteString("stdout", output);
        json.WriteString("stderr", "");
        json.WriteBoolean("interrupted", false);
        json.WriteBoolean("isImage", false);
        json.WriteBoolean("noOutputExpected", false);
        if (Committed().Match(output) is { Success: true } commit)
        {
            json.WriteStartObject("gitOperation");
            json.WriteStartObject("commit");
            json.WriteString("sha", commit.Groups[1].Value);
            json.WriteString("kind", "committed");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteSuggestion(Utf8JsonWriter json, Tool tool)
    {
        json.WriteStartArray("permission_suggestions");
        json.WriteStartObject();
        if (tool is Tool.Shell shell)
        {
            json.WriteString("type", "addRules");
            json.WriteStartArray("rules");
            json.WriteStartObject();
            json.WriteString("toolName", "Bash");
            json.WriteString("ruleContent", string.Join(' ', shell.Command.Split(' ').Take(2)) + " *");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteString("behavior", "allow");
            json.WriteString("destination", "localSettings");
        }
        else
        {
            json.WriteString("type", "setMode");
            json.WriteString("mode", "acceptEdits");
            json.WriteString("destination", "session");
        }

        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static string PathOf(Tool tool, StreamJsonOptions options) => tool is Tool.Write write ? Path.Combine(options.WorkingDirectory, write.Path) : "";

    // "[main 6e6135a] add hello", as git says it.
    [GeneratedRegex(@"^\[[^\]\n]* ([0-9a-f]{7,40})\] ", RegexOptions.Multiline)]
    private static partial Regex Committed();
}
