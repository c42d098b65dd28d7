using System.Text.RegularExpressions;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Command;

/// <summary>Errors that are told as plain text. Strict, since an agent may well write about errors.</summary>
internal static partial class Reports
{
    /// <summary>Whether the line is a program's report of an error and not what an agent wrote.</summary>
    /// <param name="alone">It is all that was said.</param>
    public static bool IsError(string line, bool alone) => Certain().IsMatch(line) || alone && Likely().IsMatch(line);

    /// <summary>What the last line of a standard error means, when a failed process left one that says it.</summary>
    public static FailureClass? OfLastLine(string errors) => Failures.OfText(errors.TrimEnd().Split('\n')[^1]);

    /// <summary>The time in seconds since 1970 that some reports of a limit end with.</summary>
    public static DateTimeOffset? ResetsAt(string text) =>
        Limit().Match(text) is { Success: true } match && long.TryParse(match.Groups["at"].ValueSpan, out var at) ? Peek.Time(at) : null;

    private const RegexOptions Plain = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    [GeneratedRegex(@"\A\[?API Error: (\d{3}\b|\{|Connection error)|\A(\w+ )?(AI )?usage limit reached\|\d{9,11}\s*\z", Plain)]
    private static partial Regex Certain();

    [GeneratedRegex(@"\A\[?(API error\b|internal error:|error:|fatal:)|\A(\w+ )?(AI )?usage limit reached\b|\AYou.ve (hit|reached) your (\w+ ){0,2}limit\b|\A(Invalid API key|Not logged in|Credit balance is too low)\b", Plain)]
    private static partial Regex Likely();

    [GeneratedRegex(@"limit reached\|(?<at>\d{9,11})\s*\z", Plain)]
    private static partial Regex Limit();
}
