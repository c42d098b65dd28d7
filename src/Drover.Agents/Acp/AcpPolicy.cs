using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Acp;

/// <summary>What an agent without a sandbox may do unasked: edit files in its worktree, and run the git commands that a finished piece of work needs.</summary>
internal static class AcpPolicy
{
    private static readonly HashSet<string> s_commands = ["add", "commit", "status", "diff", "log", "show", "rm", "mv", "restore", "ls-files", "rev-parse"];

    /// <summary>Options by which those commands write elsewhere or start another program.</summary>
    private static readonly string[] s_options = ["--output", "--ext-diff", "--textconv", "--edit", "--interactive", "--patch"];

    public static bool Allows(JsonElement call, string workingDirectory) => call.Text("kind") switch
    {
        "edit" => Paths(call) is { Count: > 0 } paths && paths.All(p => IsBelow(p, workingDirectory)),
        "execute" => (call.At("rawInput").Exists() ? call.Text("rawInput", "command") : call.Text("title")) is { } command && IsGitOnly(command),
        _ => false,
    };

    /// <summary>Whether a shell would run this as a chain of the allowed git commands and nothing else. What is not plainly so is not.</summary>
    internal static bool IsGitOnly(string command)
    {
        if (ShellWords.Split(command) is not { Count: > 0 } commands) return false;
        return commands.All(words => words is ["git", var subcommand, .. var rest] && s_commands.Contains(subcommand)
            && !rest.Any(word => s_options.Any(option => word.StartsWith(option, StringComparison.Ordinal))));
    }

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
