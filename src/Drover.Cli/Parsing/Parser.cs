namespace Drover.Cli.Parsing;

/// <summary>Arguments to a <see cref="Call"/>: <c>--name value</c>, <c>--name=value</c>, <c>-f</c>, and <c>--</c> before arguments that begin with a dash.</summary>
internal static class Parser
{
    public static Call Parse(Command command, string[] args, TextWriter output, TextWriter errors)
    {
        List<Option> known = [.. command.Options, Option.Json];
        var options = new Dictionary<string, List<string>>();
        var places = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--")
            {
                places.AddRange(args.AsSpan(i + 1));
                break;
            }

            if (args[i].Length < 2 || args[i][0] != '-') places.Add(args[i]);
            else Take(command, known, options, args, ref i);
        }

        foreach (var option in known.Where(o => o.Required && !options.ContainsKey(o.Name)))
            throw new UsageException($"'drover {command.Words}' needs {option.Name} {option.Value}\nUsage: {Help.Usage(command)}");
        CheckPlaces(command, places);
        return new(command, options, places, output, errors);
    }

    private static void Take(Command command, List<Option> known, Dictionary<string, List<string>> options, string[] args, ref int i)
    {
        var equals = args[i].StartsWith("--", StringComparison.Ordinal) ? args[i].IndexOf('=', StringComparison.Ordinal) : -1;
        var name = equals < 0 ? args[i] : args[i][..equals];
        var option = known.Find(o => o.Name == name || o.Short == name) ?? throw new UsageException(
            $"'drover {command.Words}' has no option {name}; "
            + (Nearest.To(name, known.Select(o => o.Name)) is { } near ? $"did you mean {near}?" : $"see drover {command.Words} --help"));
        if (option.Value is null && equals >= 0) throw new UsageException($"{name} takes no value");
        if (option.Value is not null && equals < 0 && i + 1 == args.Length) throw new UsageException($"{name} needs a value: {name} {option.Value}");
        var value = option.Value is null ? "" : equals >= 0 ? args[i][(equals + 1)..] : args[++i];
        if (option.Words.Count > 0 && !option.Words.Contains(value))
            throw new UsageException($"{name} is one of: {string.Join(", ", option.Words)}; not '{value}'");
        if (!options.TryGetValue(option.Name, out var values)) options[option.Name] = values = [];
        values.Add(value);
    }

    private static void CheckPlaces(Command command, List<string> places)
    {
        var needed = command.Arguments.Count(a => !a.Optional);
        if (places.Count < needed)
            throw new UsageException($"'drover {command.Words}' needs {command.Arguments[places.Count].Name}\nUsage: {Help.Usage(command)}");
        if (places.Count > command.Arguments.Count && !command.Arguments.Any(a => a.Many))
            throw new UsageException($"'drover {command.Words}' takes nothing like '{places[command.Arguments.Count]}'\nUsage: {Help.Usage(command)}");
    }
}
