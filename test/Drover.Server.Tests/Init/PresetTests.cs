using Drover.Agents;
using Xunit;

namespace Drover.Server.Tests.Init;

public sealed class PresetTests
{
    [Fact]
    public void Every_preset_has_an_adapter_that_exists_and_an_adapter_has_at_most_one_default()
    {
        Assert.All(Presets.All, p => Assert.NotNull(Adapters.Find(p.Adapter)));
        Assert.All(Presets.All.Where(p => p.IsDefault).GroupBy(p => p.Adapter), g => Assert.Single(g));
    }

    [Fact]
    public void The_default_of_an_adapter_is_what_it_starts_when_no_command_is_configured() =>
        Assert.All(Presets.All.Where(p => p.IsDefault), preset =>
        {
            var launch = Adapters.Find(preset.Adapter)!.Plan(new([], "/", "00000000-0000-4000-8000-000000000000", null, null, false, new Dictionary<string, string>()));

            Assert.Equal(preset.Command, launch.Arguments.Take(preset.Command.Count));
        });
}
