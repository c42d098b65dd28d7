using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Drover.Cli.Parsing;

/// <summary>What the first words of a command line name.</summary>
internal abstract record Found
{
    private Found() { }

    public sealed record One(Command Command, string[] Rest) : Found;

    /// <summary>A noun without a verb.</summary>
    public sealed record Group(string Noun) : Found;
}

/// <summary>Finds commands by the names of their classes. Only the named one is ever built, which keeps every command's start short; the project
/// file tells the trimmer to keep this assembly whole.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The project file roots this assembly, so no command is trimmed away.")]
[UnconditionalSuppressMessage("Trimming", "IL2057", Justification = "The project file roots this assembly, so no command is trimmed away.")]
[UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "The project file roots this assembly, so no command is trimmed away.")]
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The project file roots this assembly, so no command is trimmed away.")]
[UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "The project file roots this assembly, so no command is trimmed away.")]
internal static class Catalogue
{
    private const string Root = "Drover.Cli.Commands";

    public static Found Find(string[] args)
    {
        if (args.Length > 1 && Build($"{Root}.{Pascal(args[0])}.{Pascal(args[1])}Command") is { } verb) return new Found.One(verb, args[2..]);
        if (Build($"{Root}.{Pascal(args[0])}Command") is { } single) return new Found.One(single, args[1..]);
        var verbs = Verbs(args[0]);
        if (verbs.Count == 0) throw new UsageException(Unknown($"there is no command '{args[0]}'", args[0], FirstWords(), "drover --help"));
        if (args.Length == 1 || args[1] is "--help" or "-h") return new Found.Group(args[0]);
        throw new UsageException(Unknown($"there is no 'drover {args[0]} {args[1]}'", args[1], verbs, $"drover {args[0]} --help"));
    }

    /// <summary>All commands, in the order of their words.</summary>
    public static IReadOnlyList<Command> All() =>
        [.. typeof(Catalogue).Assembly.GetTypes().Where(IsCommand).Select(Build).OrderBy(c => c.Words, StringComparer.Ordinal)];

    public static IReadOnlyList<string> Verbs(string noun) =>
        [.. typeof(Catalogue).Assembly.GetTypes().Where(t => IsCommand(t) && t.Namespace == $"{Root}.{Pascal(noun)}").Select(t => Kebab(t.Name[..^7])).Order()];

    public static IReadOnlyList<string> FirstWords() => [.. All().Select(c => c.Words.Split(' ')[0]).Distinct()];

    public static string WordsOf(Type type)
    {
        var verb = Kebab(type.Name[..^7]);
        return type.Namespace == Root ? verb : $"{Kebab(type.Namespace![(Root.Length + 1)..])} {verb}";
    }

    private static bool IsCommand(Type type) => type.IsSubclassOf(typeof(Command)) && !type.IsAbstract;

    private static Command? Build(string name) => typeof(Catalogue).Assembly.GetType(name) is { } type && IsCommand(type) ? Build(type) : null;

    private static Command Build(Type type) => (Command)Activator.CreateInstance(type)!;

    private static string Unknown(string what, string word, IReadOnlyList<string> known, string help) => Nearest.To(word, known) is { } near
        ? $"{what}; did you mean '{near}'?" : $"{what}; see {help}";

    private static string Pascal(string word)
    {
        var text = new StringBuilder(word.Length);
        foreach (var part in word.Split('-'))
        {
            // A capital letter would name the class by another spelling than the one in the help.
            if (part.Length == 0 || !part.All(char.IsAsciiLetterLower)) return "?";
            text.Append(char.ToUpperInvariant(part[0])).Append(part.AsSpan(1));
        }

        return text.ToString();
    }

    private static string Kebab(string name) => string.Concat(name.Select((c, i) => (i > 0 && char.IsUpper(c) ? "-" : "") + char.ToLowerInvariant(c)));
}
