using System.Text;

namespace Drover.Cli.Output;

/// <summary>What may be shown to a human's terminal.</summary>
internal static class Terminal
{
    private static readonly bool Colours = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    public static string Strong(string text) => Colours ? $"\e[1m{text}\e[0m" : text;

    /// <summary>A program behind a pipe gets the patch byte for byte; a terminal gets nothing that could steer it.</summary>
    public static void WritePatch(string patch, TextWriter output) => output.Write(Console.IsOutputRedirected ? patch : Plain(patch));

    /// <summary>Text from tickets and agents without control characters, which could rewrite the screen or the terminal's title; lines stay lines.</summary>
    public static string Plain(string text)
    {
        if (!text.Any(IsUnsafe)) return text;
        var safe = new StringBuilder(text.Length);
        foreach (var c in text) safe.Append(IsUnsafe(c) ? '\uFFFD' : c);
        return safe.ToString();
    }

    /// <summary>The same on one line of at most <paramref name="width"/> characters.</summary>
    public static string Line(string text, int width)
    {
        var line = Plain(text.ReplaceLineEndings(" ").Replace('\t', ' '));
        return line.Length <= width ? line : line[..(width - 1)] + "…";
    }

    /// <summary>C0 and C1 controls, and the marks that turn the direction of writing.</summary>
    private static bool IsUnsafe(char c) => (char.IsControl(c) && c is not ('\n' or '\t')) || c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069';
}
