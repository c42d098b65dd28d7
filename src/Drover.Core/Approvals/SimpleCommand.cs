using System.Text;

namespace Drover.Core;

/// <param name="IsExpanded">A shell may make something else of it, or several words: it holds an unquoted wildcard, brace or tilde.</param>
internal readonly record struct SimpleWord(string Text, bool IsExpanded);

/// <summary>Reads a command line that is one plain command: a program and its arguments, quoted or not, and nothing else that a shell would do.</summary>
internal static class SimpleCommand
{
    /// <summary>The words of the command; of one that is handed to a shell as <c>sh -c 'COMMAND'</c>, those of the inner one. Null when it is anything else than
    /// one plain command: with an operator, a redirection, a substitution, a variable, an assignment before it, a comment, a line break, an escape.</summary>
    public static IReadOnlyList<SimpleWord>? Innermost(string command)
    {
        for (var depth = 0; depth < 3; depth++)
        {
            if (Words(command) is not { } words) return null;
            if (words is not [{ IsExpanded: false } shell, { IsExpanded: false, Text: "-c" or "-lc" }, { IsExpanded: false } inner] || !KnownShell.Is(shell.Text)) return words;
            command = inner.Text;
        }

        return null;
    }

    private static List<SimpleWord>? Words(string command)
    {
        var words = new List<SimpleWord>();
        for (var at = 0; ;)
        {
            while (at < command.Length && command[at] is ' ' or '\t') at++;
            if (at >= command.Length) return words.Count > 0 ? words : null;
            if (Word(command, ref at) is not { } word) return null;
            if (words.Count == 0 && word.Text.Contains('=')) return null;
            words.Add(word);
        }
    }

    private static SimpleWord? Word(string command, ref int at)
    {
        var (text, expanded, start) = (new StringBuilder(), false, at);
        for (; at < command.Length && command[at] is not (' ' or '\t'); at++)
        {
            var c = command[at];
            if (c is '\'' or '"')
            {
                var end = command.IndexOf(c, at + 1);
                if (end < 0 || c == '"' && command.AsSpan(at + 1, end - at - 1).ContainsAny("$`\\!")) return null;
                text.Append(command, at + 1, end - at - 1);
                at = end;
            }
            else if (c is '&' or ';' or '|' or '<' or '>' or '(' or ')' or '$' or '`' or '\\' or '!' || c == '#' && at == start || char.IsControl(c) || char.IsWhiteSpace(c))
            {
                return null;
            }
            else
            {
                text.Append(c);
                expanded |= c is '*' or '?' or '[' or ']' or '{' or '}' or '~' or '^' || c == '=' && at == start;
            }
        }

        return new(text.ToString(), expanded);
    }
}
