using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class CompletionCommand : Command
{
    private static readonly Argument Shell = new("SHELL", "bash, zsh or fish");

    public override Chapter Chapter => Chapter.Setup;

    public override string Summary => "Prints a script that completes drover's commands and options in a shell.";

    public override IReadOnlyList<string> Examples =>
    [
        "drover completion bash > ~/.local/share/bash-completion/completions/drover",
        "source <(drover completion zsh)",
        "drover completion fish > ~/.config/fish/completions/drover.fish",
    ];

    public override IReadOnlyList<Argument> Arguments => [Shell];

    public override int Run(Call call)
    {
        var script = call[Shell] switch
        {
            "bash" => Completion.Bash(),
            "zsh" => "autoload -U +X bashcompinit && bashcompinit\n" + Completion.Bash(),
            "fish" => Completion.Fish(),
            var other => throw new UsageException($"there is no completion for '{other}'; there is one for bash, zsh and fish"),
        };
        call.Output.Write(call.Json ? JsonText.Object(json => json.WriteString("script", script)) + "\n" : script);
        return ExitCodes.Done;
    }
}
