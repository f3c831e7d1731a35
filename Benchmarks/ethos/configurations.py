"""The configurations compared: the vendor's accelerators, systems and memory modes, and the same as profile settings."""

CONSTANTS = "[weights, code]"
EVERYTHING = "[weights, activations, code]"


def shared(bandwidth):
    """Maps in SRAM, constants in a flash of so many bytes a cycle."""
    return {
        "memories.sram.holds": "[activations]",
        "memories.sram.size": "64 MiB",
        "memories.flash.holds": CONSTANTS,
        "memories.flash.size": "64 MiB",
        "memories.flash.bandwidth": bandwidth,
        "memories.flash.waitStates": "64 cycles",
    }


def dedicated(size, bandwidth):
    """Everything in DRAM, with an SRAM of so many bytes to stage in."""
    return {"memories.sram.size": size, "memories.dram.bandwidth": bandwidth}


ONLY = {"memories.sram.holds": EVERYTHING, "memories.sram.size": "64 MiB", "memories.flash.holds": "[]"}
NO_DRAM = {"memories.dram.holds": "[]"}

U55 = {
    ("Ethos_U55_High_End_Embedded", "Shared_Sram"): {"clock": "500 MHz"} | shared("1 B/cycle"),
    ("Ethos_U55_Deep_Embedded", "Shared_Sram"): {"clock": "200 MHz"} | shared("0.5 B/cycle"),
    ("Ethos_U55_High_End_Embedded", "Sram_Only"): {"clock": "500 MHz"} | ONLY,
}
U65 = {
    ("Ethos_U65_Client_Server", "Dedicated_Sram_384KB"): {"clock": "1 GHz"} | dedicated("384 KiB", "12 B/cycle"),
    ("Ethos_U65_High_End", "Dedicated_Sram_256KB"): {"clock": "1 GHz"} | dedicated("256 KiB", "3.75 B/cycle"),
    ("Ethos_U65_Mid_End", "Dedicated_Sram_512KB"): {"clock": "500 MHz"} | dedicated("512 KiB", "7.5 B/cycle"),
    ("Ethos_U65_Embedded", "Shared_Sram"): {"clock": "500 MHz"} | NO_DRAM | shared("1 B/cycle"),
    ("Ethos_U65_Embedded", "Sram_Only"): {"clock": "500 MHz"} | NO_DRAM | ONLY,
}


def all_configurations():
    """Accelerator, system, memory mode, settings."""
    for accelerators, systems in (
        (("ethos-u55-32", "ethos-u55-64", "ethos-u55-128", "ethos-u55-256"), U55),
        (("ethos-u65-256", "ethos-u65-512"), U65),
    ):
        for accelerator in accelerators:
            for (system, mode), settings in systems.items():
                yield accelerator, system, mode, settings
