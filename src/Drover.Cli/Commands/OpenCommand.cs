using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class OpenCommand : Command
{
    public override Chapter Chapter => Chapter.Setup;

    public override string Summary => "Prints a link that opens the page in a browser, once and within a minute.";

    public override IReadOnlyList<string> Examples => ["drover open", "xdg-open \"$(drover open)\""];

    public override int Run(Call call)
    {
        var answer = call.Server.Change("POST", "/api/v1/login-links", Guid.NewGuid());
        return call.Say(answer, ApiJson.Default.LoginLinkJson, link => link.Url);
    }
}
