/** What Meridian uses of the library: it has no types of its own. */
declare module '@lhncbc/ucum-lhc' {
  export interface LhcUnit {
    readonly name_: string;
    readonly csCode_: string;
    readonly magnitude_: number;
    readonly dim_: { readonly dimVec_: readonly number[] | null } | null;
    /** Name of the function that a special unit is defined by. */
    readonly cnv_: string | null;
    readonly cnvPfx_: number;
    readonly isArbitrary_: boolean;
    readonly moleExp_: number;
    multiplyThese(other: LhcUnit): LhcUnit;
    divide(other: LhcUnit): LhcUnit;
    convertFrom(value: number, from: LhcUnit): number;
  }
  export interface UcumLhcUtils {
    readonly uStrParser_: {
      /** The unit, the text as it was understood, and remarks. */
      parseString(
        code: string,
        mode: 'validate' | 'convert',
        suggest: boolean,
      ): [unit: LhcUnit | null, understood: string | null, remarks: string[]];
    };
  }
  export const UcumLhcUtils: { getInstance(): UcumLhcUtils };
}
