using System.Text.Json;
using System.Text.Json.Nodes;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model;

/// <summary>The tools that a request offers, and how the script's tools are called among them.</summary>
internal sealed record OfferedTools(IReadOnlyDictionary<string, IReadOnlySet<string>> Arguments)
{
    private static readonly string[] ShellNames = ["Bash", "bash", "run_shell_command", "exec_command"];
    private static readonly string[] WriteNames = ["Write", "write", "write_file"];
    private static readonly string[] CommandNames = ["command", "cmd"];
    private static readonly string[] PathNames = ["file_path", "filePath", "path"];

    public bool Any => Arguments.Count > 0;

    public static OfferedTools Read(JsonElement root)
    {
        var tools = new Dictionary<string, IReadOnlySet<string>>();
        if (!root.TryGetProperty("tools", out var offered)) return new OfferedTools(tools);
        foreach (var tool in offered.EnumerateArray())
        {
            var schema = tool.TryGetProperty("input_schema", out var given) && given.TryGetProperty("properties", out var properties)
                ? properties.EnumerateObject().Select(property => property.Name).ToHashSet()
                : [];
            tools[tool.GetProperty("name").GetString()!] = schema;
        }

        return new OfferedTools(tools);
    }

    /// <summary>The call as the CLI knows it, or null when it offers no such tool.</summary>
    public (string Name, string Input)? Call(Tool tool, string? workingDirectory) => tool switch
    {
        Tool.Shell shell => Call(ShellNames, arguments => new JsonObject
        {
            [First(CommandNames, arguments)] = shell.Command,
            ["description"] = arguments.Contains("description") ? "Run a scripted command" : null,
        }),
        Tool.Write write => Call(WriteNames, arguments => new JsonObject
        {
            // The CLI wants an absolute path.
            [First(PathNames, arguments)] = Path.Combine(workingDirectory ?? "", write.Path),
            ["content"] = write.Content,
        }),
        _ => null,
    };

    private (string Name, string Input)? Call(string[] names, Func<IReadOnlySet<string>, JsonObject> input)
    {
        if (names.FirstOrDefault(Arguments.ContainsKey) is not { } name) return null;
        var made = input(Arguments[name]);
        foreach (var empty in made.Where(pair => pair.Value is null).Select(pair => pair.Key).ToList()) made.Remove(empty);
        return (name, made.ToJsonString());
    }

    private static string First(string[] names, IReadOnlySet<string> arguments) => names.FirstOrDefault(arguments.Contains) ?? names[0];
}
