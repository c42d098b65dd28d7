using System.Text.Json;
using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model;

/// <summary>A call as the CLI knows it.</summary>
/// <param name="Input">JSON; for a tool that takes free text, that text.</param>
/// <param name="IsFreeText">Whether the tool takes free text instead of JSON.</param>
internal sealed record ToolCall(string Name, string Input, bool IsFreeText = false);

/// <summary>The tools that a request offers, and how the script's tools are called among them.</summary>
/// <param name="Arguments">The schemas of each tool's arguments by their names; empty for a tool that takes free text.</param>
internal sealed record OfferedTools(IReadOnlyDictionary<string, IReadOnlyDictionary<string, JsonElement>> Arguments)
{
    private const string Patch = "apply_patch";

    private static readonly string[] ShellNames = ["Bash", "bash", "run_shell_command", "exec_command", "shell_command", "shell"];
    private static readonly string[] WriteNames = ["Write", "write", "write_file"];
    private static readonly string[] CommandNames = ["command", "cmd"];
    private static readonly string[] PathNames = ["file_path", "filePath", "path"];

    public bool Any => Arguments.Count > 0;

    /// <summary>From pairs of a tool's name and the JSON schema of its arguments; null for a tool that takes free text.</summary>
    public static OfferedTools Of(IEnumerable<(string Name, JsonElement? Schema)> tools)
    {
        var read = new Dictionary<string, IReadOnlyDictionary<string, JsonElement>>();
        foreach (var (name, schema) in tools)
        {
            read[name] = schema is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty("properties", out var properties)
                ? properties.EnumerateObject().ToDictionary(property => property.Name, property => property.Value)
                : new Dictionary<string, JsonElement>();
        }

        return new OfferedTools(read);
    }

    /// <summary>The call as the CLI knows it, or null when it offers no such tool.</summary>
    public ToolCall? Call(Tool tool, string? workingDirectory) => tool switch
    {
        Tool.Shell shell => Shell(shell.Command),
        Tool.Write write => Write(write, workingDirectory),
        _ => null,
    };

    private ToolCall? Shell(string command)
    {
        if (ShellNames.FirstOrDefault(Arguments.ContainsKey) is not { } name) return null;
        var arguments = Arguments[name];
        var commandName = First(CommandNames, arguments);
        var isList = arguments.TryGetValue(commandName, out var schema) && schema.TryGetProperty("type", out var type) && type.ValueEquals("array");
        var input = new JsonObject { [commandName] = isList ? new JsonArray("sh", "-c", command) : command };
        if (arguments.ContainsKey("description")) input["description"] = "Run a scripted command";
        return new ToolCall(name, input.ToJsonString());
    }

    private ToolCall? Write(Tool.Write write, string? workingDirectory)
    {
        if (WriteNames.FirstOrDefault(Arguments.ContainsKey) is { } name)
        {
            // The CLIs want an absolute path.
            var input = new JsonObject { [First(PathNames, Arguments[name])] = Path.Combine(workingDirectory ?? "", write.Path), ["content"] = write.Content };
            return new ToolCall(name, input.ToJsonString());
        }

        // A patch is made of whole lines.
        if (Arguments.ContainsKey(Patch) && write.Content.EndsWith('\n')) return AddFile(write);
        var path = Quoted(write.Path);
        return Shell($"mkdir -p \"$(dirname {path})\" && printf %s {Quoted(write.Content)} > {path}");
    }

    private ToolCall AddFile(Tool.Write write)
    {
        var lines = write.Content[..^1].Split('\n').Select(line => $"+{line}\n");
        var patch = $"*** Begin Patch\n*** Add File: {write.Path}\n{string.Concat(lines)}*** End Patch";
        return Arguments[Patch].Count == 0
            ? new ToolCall(Patch, patch, IsFreeText: true)
            : new ToolCall(Patch, new JsonObject { [Arguments[Patch].Keys.First()] = patch }.ToJsonString());
    }

    private static string Quoted(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string First(string[] names, IReadOnlyDictionary<string, JsonElement> arguments) => names.FirstOrDefault(arguments.ContainsKey) ?? names[0];
}
