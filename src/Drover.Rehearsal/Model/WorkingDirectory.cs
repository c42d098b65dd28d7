using System.Text.RegularExpressions;

namespace Drover.Rehearsal.Model;

/// <summary>Finds the directory that the CLI works in, among what it tells the model about its surroundings.</summary>
internal static partial class WorkingDirectory
{
    /// <returns>An absolute path, or null.</returns>
    public static string? In(IEnumerable<string> texts) =>
        texts.Select(text => Sentence().Match(text)).FirstOrDefault(match => match.Success) is { } found ? found.Groups["path"].Value.TrimEnd() : null;

    [GeneratedRegex(@"(?:orking (?:in the )?directory: |<cwd>|\*\*Workspace Directories:\*\*\s+- )(?<path>/[^\r\n<]*)", RegexOptions.CultureInvariant)]
    private static partial Regex Sentence();
}
