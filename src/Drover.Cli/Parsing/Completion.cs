using System.Text;

namespace Drover.Cli.Parsing;

/// <summary>Scripts for shells, made of what the commands declare.</summary>
internal static class Completion
{
    public static string Bash()
    {
        var commands = Catalogue.All();
        var text = new StringBuilder("_drover() {\n  local cur=${COMP_WORDS[COMP_CWORD]} words\n");
        text.Append("  if [ \"$COMP_CWORD\" = 1 ]; then words='").AppendJoin(' ', Catalogue.FirstWords()).Append("'\n");
        text.Append("  else case \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n");
        foreach (var command in commands.Where(c => c.Words.Contains(' '))) text.Append($"    '{command.Words}') words='{Options(command)}' ;;\n");
        text.Append("    *) case \"${COMP_WORDS[1]}\" in\n");
        foreach (var noun in commands.Where(c => c.Words.Contains(' ')).GroupBy(c => c.Words.Split(' ')[0]))
            text.Append($"      {noun.Key}) words='{string.Join(' ', noun.Select(c => c.Words.Split(' ')[1]))}' ;;\n");
        foreach (var command in commands.Where(c => !c.Words.Contains(' '))) text.Append($"      {command.Words}) words='{Options(command)}' ;;\n");
        return text.Append("    esac ;;\n  esac; fi\n  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\ncomplete -o default -F _drover drover\n").ToString();
    }

    public static string Fish()
    {
        var text = new StringBuilder();
        foreach (var group in Catalogue.All().GroupBy(c => c.Words.Split(' ')[0]))
        {
            var isNoun = group.First().Words.Contains(' ');
            text.Append($"complete -c drover -f -n __fish_use_subcommand -a {group.Key}{(isNoun ? "" : $" -d {Quoted(group.First().Summary)}")}\n");
            foreach (var command in group) Add(text, command, group.Key, isNoun);
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, Command command, string first, bool isNoun)
    {
        var verb = command.Words.Split(' ')[^1];
        var verbs = string.Join(' ', isNoun ? Catalogue.Verbs(first) : []);
        if (isNoun)
            text.Append($"complete -c drover -f -n '__fish_seen_subcommand_from {first}; and not __fish_seen_subcommand_from {verbs}' -a {verb} -d {Quoted(command.Summary)}\n");
        foreach (var option in command.Options.Append(Option.Json))
        {
            var condition = isNoun ? $"__fish_seen_subcommand_from {first}; and __fish_seen_subcommand_from {verb}" : $"__fish_seen_subcommand_from {first}";
            text.Append($"complete -c drover -n '{condition}' -l {option.Name[2..]}{(option.Value is null ? "" : " -r")} -d {Quoted(option.Help)}\n");
        }
    }

    private static string Options(Command command) => string.Join(' ', command.Options.Append(Option.Json).Select(o => o.Name).Append("--help"));

    private static string Quoted(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
