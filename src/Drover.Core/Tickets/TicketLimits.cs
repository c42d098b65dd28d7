using System.Text;

namespace Drover.Core;

/// <summary>What is wrong with a text from outside.</summary>
/// <param name="Field">Its name on the wire.</param>
/// <param name="Why">What is allowed, as a sentence that may follow the field's name.</param>
/// <param name="TooLong">Whether less of the same would do.</param>
public sealed record TextFault(string Field, string Why, bool TooLong = false);

/// <summary>What a ticket may say. Titles become lines of commit messages, lists and prompts, so they are one line of visible text; bodies are free,
/// and bounded, since an agent reads them whole.</summary>
public static class TicketLimits
{
    public const int TitleCharacters = 300;
    public const int BodyBytes = 256 * 1024;
    public const int Criteria = 50;
    public const int CriterionCharacters = 1000;
    public const int Dependencies = 50;
    public const int ReasonCharacters = 2000;
    public const int MinPriority = 1;
    public const int MaxPriority = 9;
    public const int DefaultPriority = 5;
    public const string DefaultKind = "task";

    public static TextFault? CheckTitle(string title) => CheckLine("title", title, TitleCharacters);

    public static TextFault? CheckBody(string body)
    {
        if (!IsText(body)) return new("body", "holds a NUL or half of a character; send plain text");
        var bytes = Encoding.UTF8.GetByteCount(body);
        return bytes > BodyBytes ? new("body", $"is {bytes} bytes long; at most {BodyBytes} are allowed: put the rest into a file of the repository", true) : null;
    }

    public static TextFault? CheckKind(string kind) =>
        kind is { Length: > 0 and <= 40 } && kind.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            ? null : new("kind", "is 1 to 40 lower-case letters, digits and dashes, like 'bug'");

    public static TextFault? CheckPriority(long priority) =>
        priority is >= MinPriority and <= MaxPriority ? null : new("priority", $"is a number from {MinPriority} (first) to {MaxPriority} (last)");

    public static TextFault? CheckAgent(string agent) =>
        agent is { Length: > 0 and <= 80 } && agent.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? null : new("agent", "is the name of an agent: 1 to 80 letters, digits, dashes, dots and underscores");

    public static TextFault? CheckCriteria(IReadOnlyList<string> criteria) =>
        criteria.Count > Criteria ? new("criteria", $"has {criteria.Count} entries; at most {Criteria} are allowed", true)
            : criteria.Select(c => CheckLine("criteria", c, CriterionCharacters)).FirstOrDefault(f => f is not null);

    /// <summary>A reason may have several lines.</summary>
    public static TextFault? CheckReason(string reason)
    {
        if (string.IsNullOrWhiteSpace(reason)) return new("reason", "is empty; say why");
        if (!IsText(reason)) return new("reason", "holds a NUL or half of a character; send plain text");
        return reason.Length > ReasonCharacters ? new("reason", $"is longer than {ReasonCharacters} characters", true) : null;
    }

    private static TextFault? CheckLine(string field, string line, int characters)
    {
        if (string.IsNullOrWhiteSpace(line)) return new(field, "is empty");
        if (!IsText(line) || line.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029')) return new(field, "is one line without control characters");
        return line.Length > characters ? new(field, $"is {line.Length} characters long; at most {characters} are allowed", true) : null;
    }

    /// <summary>No NUL, and every surrogate has its other half.</summary>
    private static bool IsText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0') return false;
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return false;
            i++;
        }

        return true;
    }
}
