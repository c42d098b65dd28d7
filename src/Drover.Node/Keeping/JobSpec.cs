using Drover.Node.Containing;

namespace Drover.Node.Keeping;

/// <summary>What to run.</summary>
/// <param name="Arguments">Program and arguments as the kernel gets them; never read by a shell. The program may be a name found in the PATH of <paramref name="Environment"/>.</param>
/// <param name="Environment">The whole environment. The job's marker is added to it, and <c>PWD</c> by the shell.</param>
/// <param name="WorkingDirectory">Absolute.</param>
/// <param name="Containment">How the job is to be held: see <see cref="Ladder"/>.</param>
public sealed record JobSpec(
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string WorkingDirectory,
    Hold Containment)
{
    /// <summary>Why this cannot be run at all, or null.</summary>
    public string? Unfit() =>
        Arguments.Count == 0 || Arguments[0].Length == 0 ? "no command is given"
        : Arguments[0][0] == '-' ? $"the command '{Arguments[0]}' begins with a dash"
        : !Path.IsPathFullyQualified(WorkingDirectory) ? $"the working directory '{WorkingDirectory}' is not absolute"
        : Arguments.Any(a => a.Contains('\0')) || WorkingDirectory.Contains('\0') ? "an argument holds a zero byte, which no program can be given"
        : Environment.FirstOrDefault(v => !IsName(v.Key) || v.Value.Contains('\0')) is { Key: { } name } ? $"the environment variable '{name}' cannot be given to a program"
        : null;

    /// <summary>Whether a shell hands the variable on as it is: it must be a name to it, and not one of its own.</summary>
    private static bool IsName(string name) =>
        name is not ("" or "IFS" or "OPTIND" or "PPID" or "LINENO" or "OLDPWD") && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !name.StartsWith("_k_", StringComparison.Ordinal);
}
