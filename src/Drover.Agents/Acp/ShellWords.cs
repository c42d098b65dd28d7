using System.Text;

namespace Drover.Agents.Acp;

/// <summary>The simple part of a shell's language: words, quotes without expansions, and commands joined by <c>&amp;&amp;</c> or <c>;</c>.</summary>
internal static class ShellWords
{
    /// <summary>The words of each command, or null when the text uses anything else: expansions, pipes, redirections, groups, backslashes, several lines.</summary>
    public static List<List<string>>? Split(string text)
    {
        List<List<string>> commands = [[]];
        StringBuilder? word = null;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is ' ' or '\t') End();
            else if (c is '\'' or '"')
            {
                var close = text.IndexOf(c, i + 1);
                if (close < 0 || c == '"' && text.AsSpan(i + 1, close - i - 1).IndexOfAny("$`\\!") >= 0) return null;
                (word ??= new()).Append(text, i + 1, close - i - 1);
                i = close;
            }
            else if (c == ';' || c == '&' && i + 1 < text.Length && text[i + 1] == '&')
            {
                End();
                if (commands[^1].Count == 0) return null;
                commands.Add([]);
                if (c == '&') i++;
            }
            else if (char.IsLetterOrDigit(c) || "-_./=:@,+%^".Contains(c)) (word ??= new()).Append(c);
            else return null;
        }

        End();
        return commands[^1].Count == 0 ? null : commands;

        void End()
        {
            if (word is not null) commands[^1].Add(word.ToString());
            word = null;
        }
    }
}
