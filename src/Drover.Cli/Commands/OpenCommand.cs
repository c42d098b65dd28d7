using System.Text.Json;
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
        if (call.Json) JsonText.Pass(answer, call.Output);
        else call.Output.WriteLine(JsonSerializer.Deserialize(answer, ApiJson.Default.LoginLinkJson)!.Url);
        return ExitCodes.Done;
    }
}
