using System.Globalization;
using Drover.Api;

namespace Drover.Cli.Parsing;

/// <summary>A command with its arguments, and what it works with.</summary>
internal sealed class Call(
    Command command, Dictionary<string, List<string>> options, IReadOnlyList<string> places, TextWriter output, TextWriter errors)
{
    private ApiClient? _server;

    public TextWriter Output => output;

    public TextWriter Errors => errors;

    public DroverHome Home { get; } = DroverHome.FromEnvironment();

    /// <summary>Where the user stands.</summary>
#pragma warning disable RS0030 // The one place where the current directory is asked for; from here on it is passed.
    public string Directory { get; } = System.IO.Directory.GetCurrentDirectory();
#pragma warning restore RS0030

    public bool Json => Has(Option.Json);

    public IReadOnlyList<string> Everything => places;

    public ApiClient Server => _server ??= Connect();

    public static Call Unparsed(Command command, string[] args, TextWriter output, TextWriter errors) => new(command, [], args, output, errors);

    public bool Has(Option option) => options.ContainsKey(option.Name);

    /// <summary>The last one given.</summary>
    public string? this[Option option] => options.TryGetValue(option.Name, out var values) ? values[^1] : null;

    public IReadOnlyList<string> All(Option option) => options.TryGetValue(option.Name, out var values) ? values : [];

    public int? Number(Option option) => this[option] is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw new UsageException($"{option.Name} is a whole number, not '{text}'");

    public string this[Argument argument] => Maybe(argument) ?? throw new UsageException($"{argument.Name} is missing");

    public string? Maybe(Argument argument)
    {
        var at = Place(argument);
        return at < places.Count ? places[at] : null;
    }

    /// <summary>The argument and all that follow it.</summary>
    public IReadOnlyList<string> From(Argument argument) => [.. places.Skip(Place(argument))];

    /// <summary>A text that may be given as <c>-</c>, which means: read it from standard input.</summary>
    public static string? Text(string? given) => given == "-" ? Console.In.ReadToEnd() : given;

    /// <summary>A name as one part of an address.</summary>
    public static string Part(string name) => Uri.EscapeDataString(name);

    private int Place(Argument argument)
    {
        for (var i = 0; i < command.Arguments.Count; i++)
            if (command.Arguments[i] == argument) return i;
        throw new InvalidOperationException($"'{command.Words}' has no argument {argument.Name}");
    }

    private ApiClient Connect()
    {
        var token = Environment.GetEnvironmentVariable("DROVER_TOKEN");
        return new(ServerSocket.Of(Home), string.IsNullOrEmpty(token) ? null : token);
    }
}
