using System.Text;
using Drover.Core;

namespace Drover.Agents.Codex;

/// <summary>The server shows a command as the argument list it starts, quoted for a shell: <c>/bin/bash -lc 'git status'</c>. What is asked is the script inside.</summary>
internal static class CodexShell
{
    /// <summary>The script that the shell is given; the command as it came when it is not plainly such.</summary>
    public static string Script(string command) =>
        Words(command) is [var shell, "-lc" or "-c", var script] && KnownShell.Is(shell) ? script : command;

    /// <summary>Undoes the quoting: bare words, single quotes, and double quotes with backslashes. Null for anything else.</summary>
    private static List<string>? Words(string text)
    {
        List<string> words = [];
        StringBuilder? word = null;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == ' ')
            {
                if (word is not null) words.Add(word.ToString());
                word = null;
            }
            else if (c == '\'')
            {
                var close = text.IndexOf('\'', i + 1);
                if (close < 0) return null;
                (word ??= new()).Append(text, i + 1, close - i - 1);
                i = close;
            }
            else if (c == '"')
            {
                if (Quoted(text, i + 1, word ??= new()) is not { } close) return null;
                i = close;
            }
            else if (char.IsLetterOrDigit(c) || "-_./=:@,+%^".Contains(c)) (word ??= new()).Append(c);
            else return null;
        }

        if (word is not null) words.Add(word.ToString());
        return words;
    }

    /// <summary>Reads up to the closing quote and says where it is. A dollar or a backquote that is not escaped would be more than a text.</summary>
    private static int? Quoted(string text, int start, StringBuilder word)
    {
        for (var i = start; i < text.Length; i++)
        {
            if (text[i] == '"') return i;
            if (text[i] is '$' or '`') return null;
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '$' or '`' or '"' or '\\') i++;
            word.Append(text[i]);
        }

        return null;
    }
}
