namespace Drover.Core;

/// <summary>A pattern for command lines, word by word: <c>*</c> alone stands for any number of words (also none), within a word for any characters but <c>/</c>.</summary>
internal sealed class CommandPattern(IReadOnlyList<string> words)
{
    private readonly IReadOnlyList<string> _anywhere = ["*", .. words, "*"];

    /// <summary>The command is one plain command, and the pattern speaks of every word of it.</summary>
    public bool Covers(string command) => SimpleCommand.Innermost(command) is { } simple && Match(words, simple, IsWord);

    /// <summary>Somewhere in the command, in any of its parts, also within quotes and behind other programs, stands what the pattern speaks of. Finding it in what is
    /// only a text is accepted: a denial may be too wide. It finds what is written plainly; it is no wall against one who wants to hide.</summary>
    public bool Touches(string command) => LooseCommand.Parts(command).Any(part => Match(_anywhere, part, IsWordSomewhere));

    private bool IsWord(int at, SimpleWord word) => !word.IsExpanded
        && (words[at].Contains('*') ? !word.Text.Split('/').Contains("..") && Glob.MatchesPath(words[at], word.Text) : words[at] == word.Text);

    /// <summary>A program is the same by its name and by its path.</summary>
    private bool IsWordSomewhere(int at, string word)
    {
        var pattern = _anywhere[at];
        var text = at == 1 && !pattern.Contains('/') ? word[(word.LastIndexOf('/') + 1)..] : word;
        return pattern.Contains('*') ? Glob.Matches(pattern, text) : pattern == text;
    }

    /// <summary>Greedy, with a step back to the last star: it takes the product of both lengths at most.</summary>
    private static bool Match<T>(IReadOnlyList<string> pattern, IReadOnlyList<T> line, Func<int, T, bool> isWord)
    {
        var (p, w, star, mark) = (0, 0, -1, 0);
        while (w < line.Count)
        {
            if (p < pattern.Count && pattern[p] == "*") (star, mark, p) = (p, w, p + 1);
            else if (p < pattern.Count && isWord(p, line[w])) (p, w) = (p + 1, w + 1);
            else if (star >= 0) (p, w, mark) = (star + 1, mark + 1, mark + 1);
            else return false;
        }

        while (p < pattern.Count && pattern[p] == "*") p++;
        return p == pattern.Count;
    }
}
