namespace Drover.Core;

/// <summary>Takes a command line apart for those who look for something in it: every part between operators is a part, quotes hide nothing.</summary>
internal static class LooseCommand
{
    private const string Joints = "&;|<>(){}$`\n\r";
    private static readonly char[] s_between = [' ', '\t', '\v', '\f', '\u00a0'];

    /// <summary>The words of each part, read in two ways: once as if quotes and escapes were blanks (<c>sh -c "git push"</c>), once as if they were nothing
    /// (<c>g"it" pu\sh</c>).</summary>
    public static IEnumerable<IReadOnlyList<string>> Parts(string command)
    {
        var blanked = string.Create(command.Length, command, (to, from) =>
        {
            for (var i = 0; i < from.Length; i++) to[i] = IsQuote(from[i]) ? ' ' : from[i];
        });
        var joined = new string([.. command.Replace("\\\n", "", StringComparison.Ordinal).Where(c => !IsQuote(c))]);
        return new[] { blanked, joined }.SelectMany(text => text.Split(Joints.ToCharArray()))
            .Select(part => part.Split(s_between, StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 0);
    }

    private static bool IsQuote(char c) => c is '\'' or '"' or '\\';
}
