using System.Text.RegularExpressions;

namespace Drover.Node.Repositories;

/// <summary>Whether this machine's git can be used.</summary>
public abstract partial record GitProbe
{
    internal const string HowToInstall = "Debian, Ubuntu: sudo apt install git · Fedora: sudo dnf install git · macOS: brew install git";

    private GitProbe() { }

    public sealed record Ready(Git Git, Version Version) : GitProbe;

    /// <param name="Advice">The command that installs a fit one.</param>
    public sealed record Unfit(string Why, string Advice) : GitProbe;

    internal static GitProbe Judge(Git git, string answer)
    {
        var match = Pattern().Match(answer);
        if (!match.Success) return new Unfit($"git answers '{answer}' when asked for its version", HowToInstall);
        var version = Version.Parse(match.Groups[1].Value);
        return version >= Git.Oldest
            ? new Ready(git, version)
            : new Unfit($"git {version} is too old; Drover needs {Git.Oldest} or newer", HowToInstall);
    }

    [GeneratedRegex(@"^git version (\d+\.\d+(\.\d+)?)")]
    private static partial Regex Pattern();
}
