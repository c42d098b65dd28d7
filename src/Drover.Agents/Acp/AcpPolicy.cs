using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Acp;

/// <summary>What an agent without a sandbox may do unasked: edit files in its worktree, and run the git commands that a finished piece of work needs.</summary>
internal static class AcpPolicy
{
    public static bool Allows(JsonElement call, string workingDirectory) => call.Text("kind") switch
    {
        "edit" => Paths(call) is { Count: > 0 } paths && paths.All(p => IsBelow(p, workingDirectory)),
        "execute" => (call.At("rawInput").Exists() ? call.Text("rawInput", "command") : call.Text("title")) is { } command && PlainGit.Is(command),
        _ => false,
    };

    internal static bool IsBelow(string path, string directory)
    {
        if (path.Contains('\0')) return false;
        var full = Path.GetFullPath(path, directory);
        return full.StartsWith(Path.TrimEndingDirectorySeparator(directory) + "/", StringComparison.Ordinal)
            && !full[directory.Length..].Split('/').Contains(".git", StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The files that a call says it touches.</summary>
    internal static List<string> Paths(JsonElement call) =>
    [
        .. call.Items("locations").Concat(call.Items("content")).Select(l => l.Text("path")).OfType<string>(),
        .. new[] { "filepath", "filePath", "file_path", "path" }.Select(name => call.Text("rawInput", name)).OfType<string>(),
    ];
}
